package dev.culvert.listener;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;

/** The one place where a {@link Refusal} becomes HTTP. */
final class RefusalAnswer {
    private RefusalAnswer() {}

    /**
     * The whole answer, which says why in a line of text and that the connection closes.
     *
     * @param withBody false for an answer to HEAD
     */
    static ByteBuf of(RefusedException refused, boolean withBody, ByteBufAllocator allocator) {
        Refusal refusal = refused.refusal();
        String body = "culvert: " + refused.detail() + " (" + refusal.label() + ")\n";
        StringBuilder answer = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(HttpResponseStatus.valueOf(refusal.status()))
                .append("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ")
                .append(body.length())
                .append("\r\nConnection: close\r\n");
        if (refusal.status() == 503) {
            answer.append("Retry-After: 1\r\n");
        } else if (refusal == Refusal.METHOD) {
            answer.append("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"); // RFC 9110 §15.5.6: a 405 MUST
        }
        answer.append("\r\n");
        if (withBody) {
            answer.append(body);
        }
        return ByteBufUtil.writeAscii(allocator, answer);
    }
}
