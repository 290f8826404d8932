package dev.culvert.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerDecoderTest {
    private final AnswerDecoder decoder = new AnswerDecoder(HttpMethod.GET, ReferenceCountUtil::release);

    private static ByteBuf direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
    }

    /** Each read ends within the line of a chunk, so that there is never one behind which nothing is left. */
    @Test
    void aBodyWhoseReadsNeverEndWithAPieceIsNotKept() {
        long before = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
        decoder.read(direct("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000"));
        String piece = "\r\n" + "x".repeat(0x1000) + "\r\n1000";
        for (int i = 0; i < 2_000; i++) {
            decoder.read(direct(piece));
        }

        assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() - before).isLessThan(1 << 20);
        decoder.rest().release();
    }
}
