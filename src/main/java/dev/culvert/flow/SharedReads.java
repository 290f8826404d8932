package dev.culvert.flow;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/** Sizes reads by what arrives, and by what the {@link Backlog} leaves: nobody can tell before whether a sink will take it. */
public final class SharedReads extends AdaptiveRecvByteBufAllocator {
    private static final int FIRST = 2 << 10;
    private static final int SMALLEST = 256;
    private static final int IN_A_ROW = 16;

    private final Backlog backlog;

    /** @param largest bytes of one read, {@value #FIRST} or more; the share is less where it is */
    public SharedReads(int largest, Backlog backlog) {
        super(SMALLEST, FIRST, largest);
        this.backlog = backlog;
        maxMessagesPerRead(IN_A_ROW);
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's own interface still returns the plain handle
    public Handle newHandle() {
        return new Share((ExtendedHandle) super.newHandle());
    }

    private final class Share extends DelegatingHandle implements ExtendedHandle {
        Share(ExtendedHandle adaptive) {
            super(adaptive);
        }

        @Override
        public int guess() {
            return (int) Math.min(delegate().guess(), backlog.share());
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return allocator.ioBuffer(guess());
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return ((ExtendedHandle) delegate()).continueReading(maybeMoreData);
        }
    }
}
