package dev.culvert.flow;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the tunnels of an event loop read into: a few buffers that come back within the turn, the last one that came back
 * first, since it is the one that a cache holds. Where none is left, or a larger one is asked for, Netty's pool has it. Event
 * loop only.
 */
public final class TurnBuffers extends AbstractByteBufAllocator {
    /** Bytes of each: what most messages have, with their frames. */
    static final int SIZE = 8 << 10;

    /** As many as a turn's reads before they are sent. */
    private static final int MOST = 64;

    private final PooledByteBufAllocator pool = PooledByteBufAllocator.DEFAULT;

    private final Deque<Lent> free = new ArrayDeque<>(MOST);
    private int made;

    @Override
    protected ByteBuf newDirectBuffer(int initial, int most) {
        if (initial > SIZE) {
            return pool.directBuffer(initial, most);
        }
        Lent buffer = free.pollLast();
        if (buffer == null) {
            if (made == MOST) {
                return pool.directBuffer(initial, most);
            }
            made++;
            buffer = new Lent();
        }
        buffer.lend(initial);
        return buffer;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initial, int most) {
        return pool.heapBuffer(initial, most);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return true;
    }

    /** One to keep beyond the turn: the same, or a copy of one that is lent, which is given back. */
    static ByteBuf toKeep(ByteBuf buffer) {
        if (!(buffer instanceof Lent)) {
            return buffer;
        }
        ByteBuf copy = PooledByteBufAllocator.DEFAULT
                .directBuffer(buffer.readableBytes())
                .writeBytes(buffer);
        buffer.release();
        return copy;
    }

    private final class Lent extends UnpooledUnsafeDirectByteBuf {
        private int size;

        Lent() {
            super(pool, SIZE, SIZE);
        }

        void lend(int bytes) {
            size = bytes;
            resetRefCnt();
            clear();
        }

        @Override
        public int capacity() {
            return size;
        }

        @Override
        public ByteBuf capacity(int bytes) {
            checkNewCapacity(bytes);
            size = bytes;
            if (writerIndex() > bytes) {
                setIndex(Math.min(readerIndex(), bytes), bytes);
            }
            return this;
        }

        @Override
        protected void deallocate() {
            free.addLast(this);
        }
    }
}
