package dev.culvert.guard;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses the well-formed heads that are still no clean HTTP/1.1 request: those that two recipients could read in two
 * ways, and those that ask for what a tunnel endpoint must not do. Pure: no I/O, no state.
 */
public final class RequestGuard {
    /**
     * RFC 9110 §7.2, RFC 3986 §3.2.2: uri-host [ ":" port ], and not an empty one. Possessive, or a Host of some thousand
     * bytes overruns the stack: the JDK repeats such a group by recursion otherwise.
     */
    private static final Pattern HOST = Pattern.compile(
            "(\\[([0-9A-Fa-f:.]+)(%25[\\w.~-]+)?]|(?:[\\w.~!$&'()*+,;=-]++|%[0-9A-Fa-f]{2})++)(:[0-9]{0,5})?");

    private static final int MOST_PORT_DIGITS = 5;

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

    private RequestGuard() {}

    /**
     * Lets a request pass or throws. An absolute-form target is rewritten to origin-form and its authority to Host, RFC 9112
     * §3.2.2: a proxy MUST ignore the received Host and replace it.
     *
     * @throws RefusedException when it must not reach the app
     */
    public static void check(HttpRequest request) {
        if (request.protocolVersion().minorVersion() > 1) {
            request.setProtocolVersion(
                    HttpVersion.HTTP_1_1); // RFC 9110 §2.5: as the highest minor version that is known
        }
        method(request.method());
        host(request);
        target(request);
        framing(request);
    }

    private static void method(HttpMethod method) {
        if (method.equals(HttpMethod.CONNECT) || method.equals(HttpMethod.TRACE)) {
            throw new RefusedException(Refusal.METHOD, "CONNECT and TRACE are not served here");
        }
    }

    private static void target(HttpRequest request) {
        String target = request.uri();
        if (target.indexOf('#') >= 0) {
            throw new RefusedException(Refusal.BAD_TARGET, "the request target has a fragment");
        }
        if (target.startsWith("/") || (target.equals("*") && request.method().equals(HttpMethod.OPTIONS))) {
            return;
        }
        String lower = target.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
            throw new RefusedException(Refusal.BAD_TARGET, "the request target is neither a path nor a URL");
        }
        int authority = target.indexOf("//") + 2;
        int path = authority;
        while (path < target.length() && target.charAt(path) != '/' && target.charAt(path) != '?') {
            path++;
        }
        String host = target.substring(authority, path);
        if (!isHost(host)) {
            throw new RefusedException(Refusal.BAD_TARGET, "the request target names no host");
        }
        String rest = target.substring(path);
        request.setUri(rest.startsWith("/") ? rest : originForm(request.method(), rest));
        request.headers().set("Host", host);
    }

    /** RFC 9112 §3.2.4: the last proxy MUST send "*" for an OPTIONS whose URI has neither path nor query. */
    private static String originForm(HttpMethod method, String query) {
        return method.equals(HttpMethod.OPTIONS) && query.isEmpty() ? "*" : "/" + query;
    }

    /** RFC 9112 §3.2: a server MUST answer 400 to HTTP/1.1 without Host, to more than one, to an invalid one. */
    private static void host(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return; // load balancers probe with "OPTIONS / HTTP/1.0" and no field at all
        }
        if (hosts.size() != 1) {
            throw new RefusedException(Refusal.BAD_HOST, "the request has no Host, or several");
        }
        if (!isHost(hosts.get(0))) {
            throw new RefusedException(Refusal.BAD_HOST, "the Host is no host name with an optional port");
        }
    }

    private static boolean isHost(String text) {
        return isPlainHost(text) || isUriHost(text);
    }

    /** Letters, digits, points and hyphens, perhaps a port: most hosts, which need no pattern. */
    private static boolean isPlainHost(String text) {
        int colon = text.indexOf(':');
        int end = colon < 0 ? text.length() : colon;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (!isDigit(c) && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '.' && c != '-') {
                return false;
            }
        }
        return end > 0 && isPort(text, end);
    }

    private static boolean isPort(String text, int colon) {
        for (int i = colon + 1; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return text.length() - colon <= MOST_PORT_DIGITS + 1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isUriHost(String text) {
        Matcher host = HOST.matcher(text);
        return host.matches() && (host.group(2) == null || NetUtil.isValidIpV6Address(host.group(2)));
    }

    /**
     * Lets a request's framing pass or throws: RFC 9112 §6.1, §6.3.
     *
     * @throws RefusedException when two recipients could read it in two ways, or the coding is not known
     */
    public static void framing(HttpRequest request) {
        HttpHeaders headers = request.headers();
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty()) {
            transferEncoding(request, codings, !lengths.isEmpty());
        } else if (lengths.size() > 1) {
            throw framing("several Content-Lengths");
        } else if (lengths.size() == 1 && !DIGITS.matcher(lengths.get(0)).matches()) {
            throw framing("a Content-Length that is no number");
        } else if (lengths.isEmpty() && isDraftHandshake(request)) {
            throw framing("a body that no field announces");
        }
    }

    /**
     * A handshake of WebSocket's drafts before RFC 6455: Netty takes the eight bytes behind it for its body, and whoever
     * knows HTTP alone, RFC 9112 §6.3, for the next request.
     */
    private static boolean isDraftHandshake(HttpRequest request) {
        return request.method().equals(HttpMethod.GET)
                && request.headers().contains("Sec-WebSocket-Key1")
                && request.headers().contains("Sec-WebSocket-Key2");
    }

    private static void transferEncoding(HttpRequest request, List<String> codings, boolean length) {
        if (length) {
            throw framing("Content-Length and Transfer-Encoding"); // RFC 9112 §6.3: ought to be handled as an error
        }
        if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            throw framing("a Transfer-Encoding in HTTP/1.0"); // RFC 9112 §6.1: MUST treat the framing as faulty
        }
        String[] list = String.join(",", codings).toLowerCase(Locale.ROOT).split(",", -1);
        for (int i = 0; i < list.length - 1; i++) {
            if (list[i].isBlank() || list[i].strip().equals("chunked")) {
                throw framing("a Transfer-Encoding with chunked twice, or an empty coding"); // RFC 9112 §7.1
            }
        }
        if (!list[list.length - 1].strip().equals("chunked")) {
            throw framing("a Transfer-Encoding that does not end in chunked"); // RFC 9112 §6.3: MUST answer 400
        }
        if (list.length > 1) {
            throw new RefusedException(Refusal.UNKNOWN_CODING, "only the transfer coding chunked is known");
        }
    }

    private static RefusedException framing(String what) {
        return new RefusedException(Refusal.BAD_FRAMING, "the request has " + what);
    }
}
