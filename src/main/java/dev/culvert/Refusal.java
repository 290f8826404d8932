package dev.culvert;

/**
 * Why a request never became a tunnel (or a plain exchange): the status that the client gets and the label by which log
 * lines and meters name it. Each constant cites the rule that makes it one.
 */
public enum Refusal {
    /** Bytes that are no HTTP/1.1 message head: RFC 9112 §2.2, §3, §5. */
    BAD_SYNTAX(400, "bad_syntax"),
    /** No Host, several, or one that is no uri-host[:port]: RFC 9112 §3.2. */
    BAD_HOST(400, "bad_host"),
    /** A length that two recipients could read in two ways: RFC 9112 §6.1, §6.3. */
    BAD_FRAMING(400, "bad_framing"),
    /** A request target that is neither origin-form nor a well-formed absolute-form: RFC 9112 §3.2. */
    BAD_TARGET(400, "bad_target"),
    /** The preface of HTTP/2, which is not spoken here: RFC 9113 §3.4. Status 0: closed without an answer. */
    HTTP2_PREFACE(0, "http2_preface"),
    /** The Origin is not among those that are allowed: RFC 6455 §10.2. */
    ORIGIN(403, "origin"),
    /** CONNECT and TRACE: RFC 9110 §9.3.6, §9.3.8. */
    METHOD(405, "method"),
    /** The head was not complete in time: RFC 9110 §15.5.9. */
    HEADER_TIMEOUT(408, "header_timeout"),
    /** The request line is longer than a whole head may be: RFC 9110 §15.5.15. */
    TARGET_TOO_LONG(414, "target_too_long"),
    /** More bytes or fields than a head may have: RFC 9110 §5.4, RFC 6585 §5. */
    HEADER_TOO_LARGE(431, "header_too_large"),
    /** A fault of our own. */
    ERROR(500, "error"),
    /** A transfer coding that is not implemented: RFC 9112 §6.1. */
    UNKNOWN_CODING(501, "unknown_coding"),
    /** The app accepts no connection. */
    UPSTREAM_REFUSED(502, "upstream_refused"),
    /** The app ended its connection before its answer was complete enough to be passed on. */
    UPSTREAM_CLOSED(502, "upstream_closed"),
    /** The app's answer is no answer to this request: RFC 9110 §7.8, §15.2.2, RFC 6455 §4.1. */
    UPSTREAM_ANSWER(502, "upstream_answer"),
    /** As many tunnels as there may be. */
    TUNNEL_LIMIT(503, "tunnel_limit"),
    /** What waits for slow readers takes as much memory as all together may. */
    MEMORY(503, "memory"),
    /** The process is on its way out. */
    DRAINING(503, "draining"),
    /** The app did not accept the connection in time. */
    UPSTREAM_CONNECT_TIMEOUT(504, "upstream_connect_timeout"),
    /** The app did not answer the handshake in time. */
    UPSTREAM_HANDSHAKE_TIMEOUT(504, "upstream_handshake_timeout"),
    /** An HTTP version whose major number is not 1: RFC 9110 §15.6.6. */
    VERSION(505, "version");

    private final int status;
    private final String label;

    Refusal(int status, String label) {
        this.status = status;
        this.label = label;
    }

    /** The HTTP status code of the answer; 0 where there is none. */
    public int status() {
        return status;
    }

    /** The name in log lines and meters: lower case, words joined by an underscore. */
    public String label() {
        return label;
    }
}
