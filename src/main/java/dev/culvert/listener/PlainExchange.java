package dev.culvert.listener;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * How far one plain request and its answer have come, seen as they pass between the decoder and the HTTP server behind.
 * Knows what may be done with the connection at each point; does nothing itself. Event loop only.
 */
final class PlainExchange {
    private boolean requestWhole;
    private boolean answerBegun;
    private boolean answerWhole;
    private boolean closeDelimited;
    private boolean last;
    private boolean closedByUs;

    PlainExchange(HttpRequest request) {
        this.last = !HttpUtil.isKeepAlive(request);
    }

    /** A piece of the request's body goes to the server behind. */
    void requestPassed(HttpContent content) {
        requestWhole = content instanceof LastHttpContent;
    }

    /** The process drains: the connection ends with this answer, whatever its client and the server behind had in mind. */
    void closeBehind(HttpResponse head) {
        if (head.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            closedByUs = !last; // where it is the last anyway, the server behind closes
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    /** Whether nobody but us will close the connection behind this answer. */
    boolean isClosedByUs() {
        return closedByUs;
    }

    /** A message of the server behind goes to the client: a head, a piece of the body, or both in one. */
    void answerPassed(Object message) {
        if (message instanceof HttpResponse head) {
            if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                return; // RFC 9110 §15.2: not the last word, whatever ends with it
            }
            last |= !HttpUtil.isKeepAlive(head);
            answerBegun = true;
            closeDelimited = !HttpUtil.isTransferEncodingChunked(head) && !HttpUtil.isContentLengthSet(head);
        }
        if (message instanceof LastHttpContent) {
            answerWhole = true;
        }
    }

    /** Whether the request came to its end. */
    boolean isRequestWhole() {
        return requestWhole;
    }

    /** Whether the final head went to the client: no other answer can be given. */
    boolean isAnswerBegun() {
        return answerBegun;
    }

    /** Whether the answer is out, to its end. */
    boolean isAnswerWhole() {
        return answerWhole;
    }

    /** Whether the app answered before it had the whole request, and nobody reads the rest. */
    boolean isAnsweredEarly() {
        return answerWhole && !requestWhole;
    }

    /** Whether the next request may be read: RFC 9112 §9.6, what follows the last one is never a request. */
    boolean mayBeFollowed() {
        return requestWhole && answerWhole && !last;
    }

    /** Whether closing now would make half an answer look whole: RFC 9112 §8. */
    boolean wouldLookWhole() {
        return answerBegun && !answerWhole && closeDelimited;
    }
}
