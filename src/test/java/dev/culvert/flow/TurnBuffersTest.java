package dev.culvert.flow;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TurnBuffersTest {
    private static final int LENT_AT_ONCE = 64;
    private static final ByteBufAllocator POOL = PooledByteBufAllocator.DEFAULT;

    private final TurnBuffers buffers = new TurnBuffers();

    @Test
    void theLastOneThatCameBackIsLentAgain() {
        ByteBuf first = buffers.lend(256);
        ByteBuf second = buffers.lend(256);
        first.release();
        second.release();

        ByteBuf again = buffers.lend(1024);

        assertThat(again).isSameAs(second);
        again.release();
    }

    @Test
    void itIsEmptyAndAsLargeAsItIsAskedFor() {
        ByteBuf used = buffers.lend(8);
        used.writeBytes("used up".getBytes(US_ASCII)).readByte();
        used.release();

        ByteBuf again = buffers.lend(3);

        assertThat(again.refCnt()).isOne();
        assertThat(again.isReadable()).isFalse();
        assertThat(again.capacity()).isEqualTo(3);
        assertThat(again.writableBytes()).isEqualTo(3);
        again.release();
    }

    @Test
    void aSliceKeepsTheBufferFromBeingLentAgain() {
        ByteBuf buffer = buffers.lend(8).writeBytes("message".getBytes(US_ASCII));
        ByteBuf slice = buffer.readRetainedSlice(4);
        buffer.release();

        ByteBuf other = buffers.lend(8);

        assertThat(other).isNotSameAs(buffer);
        assertThat(slice.toString(US_ASCII)).isEqualTo("mess");
        slice.release();
        other.release();
    }

    @Test
    void noMoreAreKeptThanATurnReads() {
        List<ByteBuf> lent = new ArrayList<>();
        for (int i = 0; i < LENT_AT_ONCE; i++) {
            lent.add(buffers.lend(256));
        }

        ByteBuf further = buffers.lend(256);

        lent.forEach(ByteBuf::release);
        further.release();
        for (int i = LENT_AT_ONCE - 1; i >= 0; i--) {
            assertThat(buffers.lend(256)).isSameAs(lent.get(i));
        }
        assertThat(buffers.lend(256)).isNotSameAs(further);
    }

    @Test
    void noneIsLargerThanTheLargestRead() {
        ByteBuf large = buffers.lend(TurnBuffers.SIZE + 1L);

        assertThat(large.writableBytes()).isEqualTo(TurnBuffers.SIZE);
        assertThat(large.maxCapacity()).isEqualTo(TurnBuffers.SIZE);
        large.release();
    }

    @Test
    void whatIsToBeKeptIsCopiedAndTheBufferComesBack() {
        ByteBuf lent = buffers.lend(16).writeBytes("a message".getBytes(US_ASCII));
        lent.skipBytes(2);

        ByteBuf kept = TurnBuffers.toKeep(lent, POOL);

        assertThat(kept.toString(US_ASCII)).isEqualTo("message");
        assertThat(kept.isDirect()).isTrue();
        assertThat(buffers.lend(16)).isSameAs(lent);
        kept.release();
    }

    @Test
    void whatIsNotLentIsKeptAsItIs() {
        ByteBuf own = POOL.directBuffer(8).writeBytes("message".getBytes(US_ASCII));

        assertThat(TurnBuffers.toKeep(own, POOL)).isSameAs(own);
        assertThat(own.toString(US_ASCII)).isEqualTo("message");
        own.release();
    }

    @Test
    void aSliceThatIsToBeKeptIsCopiedToo() {
        ByteBuf lent = buffers.lend(16).writeBytes("a message".getBytes(US_ASCII));
        ByteBuf slice = lent.readRetainedSlice(1);
        lent.release();

        ByteBuf kept = TurnBuffers.toKeep(slice, POOL);

        assertThat(kept.toString(US_ASCII)).isEqualTo("a");
        assertThat(buffers.lend(16)).isSameAs(lent);
        kept.release();
    }

    @Test
    void whatNettyWouldCopyWithALentOneIsCopiedFromThePool() {
        ByteBuf kept = TurnBuffers.toKeep(Unpooled.copiedBuffer("frame", US_ASCII), POOL);

        assertThat(kept.isDirect()).isTrue();
        assertThat(kept.toString(US_ASCII)).isEqualTo("frame");
        kept.release();
    }

    @Test
    void withoutMemoryForACopyABufferStaysLentAndLosesNothing() {
        ByteBuf lent = buffers.lend(16).writeBytes("message".getBytes(US_ASCII));

        AtomicReference<ByteBuf> result = new AtomicReference<>();
        assertThatCode(() -> result.set(TurnBuffers.toKeep(lent, new Exhausted())))
                .doesNotThrowAnyException(); // JUnit would end with the whole run

        ByteBuf kept = result.get();
        assertThat(kept).isSameAs(lent);
        assertThat(kept.refCnt()).isOne();
        assertThat(kept.toString(US_ASCII)).isEqualTo("message");
        kept.release();
    }

    private static final class Exhausted extends AbstractByteBufAllocator {
        @Override
        protected ByteBuf newHeapBuffer(int initial, int most) {
            throw new OutOfMemoryError("heap");
        }

        @Override
        protected ByteBuf newDirectBuffer(int initial, int most) {
            throw new OutOfMemoryError("direct memory");
        }

        @Override
        public boolean isDirectBufferPooled() {
            return true;
        }
    }
}
