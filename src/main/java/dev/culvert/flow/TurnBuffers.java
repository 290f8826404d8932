package dev.culvert.flow;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the tunnels of an event loop read into: buffers that come back within the turn, the last one that came back first, since
 * it is the one that a cache holds. Event loop only.
 */
public final class TurnBuffers {
    /** Bytes of each, and the most of one read. What nothing was ever read into is not resident. */
    static final int SIZE = 64 << 10;

    /** Sends that a turn collects, each of one buffer nearly always; further ones are given up. */
    private static final int MOST = 64;

    /** Netty's, whose memory is not cleared when it is made, nor looked after: a buffer that is free is nobody's. */
    private final ByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);

    private final Deque<Lent> free = new ArrayDeque<>(MOST);

    /**
     * An empty direct buffer, to be released by the end of the turn.
     *
     * @param most bytes that it has room for, more than 0; {@value #SIZE} where that is less
     */
    public ByteBuf lend(long most) {
        Lent buffer = free.pollLast();
        if (buffer == null) {
            buffer = new Lent(memory.directBuffer(SIZE, SIZE));
        }
        buffer.lend((int) Math.min(most, SIZE));
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

    /** Memory in a buffer that comes back to us. */
    private final class Lent extends UnpooledUnsafeDirectByteBuf {
        private final ByteBuf own;
        private int withheld; // nothing while its constructor asks for the capacity

        Lent(ByteBuf own) {
            super(memory, own.internalNioBuffer(0, SIZE), SIZE);
            this.own = own;
        }

        void lend(int bytes) {
            withheld = SIZE - bytes;
            resetRefCnt();
            clear();
        }

        @Override
        public int capacity() {
            return SIZE - withheld;
        }

        @Override
        protected void deallocate() {
            if (free.size() < MOST) {
                free.addLast(this);
            } else {
                own.release();
            }
        }
    }
}
