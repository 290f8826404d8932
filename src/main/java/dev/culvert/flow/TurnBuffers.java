package dev.culvert.flow;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the tunnels of an event loop read into: a few buffers that come back within the turn, the last one that came back
 * first, since it is the one that a cache holds. Where none is left, Netty's pool has it. Event loop only.
 */
public final class TurnBuffers {
    /** Bytes of each, and the most of one read. Those that nothing was read into are not the kernel's yet. */
    static final int SIZE = 64 << 10;

    /** Sends that a turn collects, each of one buffer nearly always. */
    private static final int MOST = 64;

    private final PooledByteBufAllocator pool = PooledByteBufAllocator.DEFAULT;

    private final Deque<Lent> free = new ArrayDeque<>(MOST);
    private int made;

    /**
     * An empty direct buffer, to be released by the end of the turn.
     *
     * @param most bytes that it has room for, more than 0; {@value #SIZE} where that is less
     */
    public ByteBuf lend(long most) {
        int bytes = (int) Math.min(most, SIZE);
        Lent buffer = free.pollLast();
        if (buffer == null) {
            if (made == MOST) {
                return pool.directBuffer(bytes, bytes);
            }
            buffer = new Lent();
            made++;
        }
        buffer.lend(bytes);
        return buffer;
    }

    /**
     * A buffer to keep beyond the turn: a copy of one that is lent, which is given back, or of one that would be copied when it is
     * sent; else the same. Where there is no memory for a copy it is the same, too, and stays lent until it is sent.
     *
     * @param memory for copies
     */
    static ByteBuf toKeep(ByteBuf buffer, ByteBufAllocator memory) {
        if (buffer.isDirect() && !(buffer instanceof Lent) && !(buffer.unwrap() instanceof Lent)) {
            return buffer;
        }
        int bytes = buffer.readableBytes();
        try {
            ByteBuf copy = memory.directBuffer(bytes).writeBytes(buffer, buffer.readerIndex(), bytes);
            buffer.release();
            return copy;
        } catch (OutOfMemoryError full) {
            return buffer;
        }
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
        protected void deallocate() {
            free.addLast(this);
        }
    }
}
