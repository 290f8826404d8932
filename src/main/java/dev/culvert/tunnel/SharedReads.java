package dev.culvert.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/** Sizes reads by what arrives, and by what the {@link Backlog} leaves: nobody can tell before whether a sink will take it. */
final class SharedReads extends AdaptiveRecvByteBufAllocator {
    private final Backlog backlog;

    SharedReads(int least, int first, int most, Backlog backlog) {
        super(least, first, most);
        this.backlog = backlog;
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
