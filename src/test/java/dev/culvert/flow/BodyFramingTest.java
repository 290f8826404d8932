package dev.culvert.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** RFC 9112 §6.2, §7.1. */
class BodyFramingTest {
    private final StringBuilder written = new StringBuilder();

    private static BodyFraming of(String field, String value) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
        request.headers().add(field, value);
        return BodyFraming.of(request);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private void write(BodyFraming framing, HttpContent content) {
        framing.write(content, bytes -> {
            written.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        });
        assertThat(content.refCnt()).isEqualTo(content.equals(LastHttpContent.EMPTY_LAST_CONTENT) ? 1 : 0);
    }

    @Test
    void eachPieceIsAChunkAndTheEndHasTheTrailers() {
        BodyFraming framing = of("Transfer-Encoding", "Chunked");

        write(framing, new DefaultHttpContent(bytes("a".repeat(26))));
        write(framing, new DefaultHttpContent(bytes("")));
        LastHttpContent last = new DefaultLastHttpContent(bytes("\u00e9"));
        last.trailingHeaders().add("X-Sum", "\u00e8");
        write(framing, last);

        assertThat(written).hasToString("1a\r\n" + "a".repeat(26) + "\r\n1\r\n\u00e9\r\n0\r\nX-Sum: \u00e8\r\n\r\n");
    }

    @Test
    void anEndWithoutAnythingIsTheLastChunkAlone() {
        write(of("transfer-encoding", "chunked"), LastHttpContent.EMPTY_LAST_CONTENT);

        assertThat(written).hasToString("0\r\n\r\n");
    }

    @Test
    void aBodyOfAKnownLengthIsWrittenAsItIs() {
        BodyFraming framing = of("Content-Length", "3");

        write(framing, new DefaultHttpContent(bytes("ab")));
        write(framing, new DefaultLastHttpContent(bytes("c")));
        write(framing, LastHttpContent.EMPTY_LAST_CONTENT);

        assertThat(written).hasToString("abc");
    }
}
