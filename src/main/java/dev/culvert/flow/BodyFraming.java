package dev.culvert.flow;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** How a message's body is written: in chunks, RFC 9112 §7.1, or as it is, by what its head says. No state. */
public enum BodyFraming {
    CHUNKED {
        @Override
        void write(HttpContent content, Consumer<ByteBuf> to) {
            int size = content.content().readableBytes();
            if (size > 0) {
                to.accept(text(Integer.toHexString(size) + "\r\n"));
                to.accept(content.content());
                to.accept(text("\r\n"));
            } else {
                content.release();
            }
            if (content instanceof LastHttpContent last) {
                StringBuilder end = new StringBuilder("0\r\n");
                last.trailingHeaders()
                        .forEach(field -> end.append(field.getKey())
                                .append(": ")
                                .append(field.getValue())
                                .append("\r\n"));
                to.accept(text(end.append("\r\n").toString()));
            }
        }
    },

    AS_IT_IS {
        @Override
        void write(HttpContent content, Consumer<ByteBuf> to) {
            to.accept(content.content());
        }
    };

    /** How the body of a message is to be written that has one. */
    public static BodyFraming of(HttpMessage head) {
        return HttpUtil.isTransferEncodingChunked(head) ? CHUNKED : AS_IT_IS;
    }

    /**
     * Writes a piece, or the end.
     *
     * @param content released
     * @param to gets the bytes, perhaps none, which are its own from then on
     */
    abstract void write(HttpContent content, Consumer<ByteBuf> to);

    /** ISO 8859-1, as it was read. */
    private static ByteBuf text(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
