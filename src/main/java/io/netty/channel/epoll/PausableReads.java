package io.netty.channel.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Lets the end of a peer's stream wait behind the bytes before it. Netty asks epoll to be told of a peer's FIN at once
 * (EPOLLRDHUP), which is what makes a short read a sign that nothing is left, and saves a read for each wakeup. But once it
 * was told, it reads all that the kernel holds of that stream, though reading was switched off: megabytes for each tunnel
 * whose sender ended while its reader paused. With this, a read that is done while reading is off takes one byte, and is not
 * followed by another.
 *
 * <p>Switching reading on again makes epoll report anew what waits, a FIN among it. Events stay edge-triggered: a socket that
 * is shut down in both directions is in EPOLLHUP, which cannot be masked and which a level-triggered epoll would report for as
 * long as our side pauses.
 *
 * <p>Netty gives no access to the reads that it schedules by itself, hence a class in its package; checked with Netty 4.1.140.
 */
public final class PausableReads implements RecvByteBufAllocator {
    private final AbstractEpollChannel channel;
    private final RecvByteBufAllocator sizes;
    private boolean pausing;

    private PausableReads(AbstractEpollChannel channel, RecvByteBufAllocator sizes) {
        this.channel = channel;
        this.sizes = sizes;
    }

    /**
     * Sets how a channel reads, as {@code sizes} says and as Netty does until {@link #keepPauses} is called. Before the channel's
     * first read.
     *
     * @param sizes of the buffers to read into while reading is on; its handles are {@link ExtendedHandle}s
     * @throws IllegalAccessError where Netty was loaded by another class loader than Culvert, as in Quarkus' dev mode
     */
    public static void set(Channel channel, RecvByteBufAllocator sizes) {
        channel.config()
                .setRecvByteBufAllocator(
                        channel instanceof AbstractEpollChannel epoll ? new PausableReads(epoll, sizes) : sizes);
    }

    /**
     * From now on a channel that was {@link #set} keeps to it that reading is off. Other channels than those on epoll do by
     * themselves. Event loop only.
     */
    public static void keepPauses(Channel channel) {
        if (channel.config().getRecvByteBufAllocator() instanceof PausableReads reads) {
            reads.pausing = true;
        }
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's own interface still returns the plain handle
    public Handle newHandle() {
        return new PausableHandle((ExtendedHandle) sizes.newHandle());
    }

    /** One channel's. Event loop only. */
    private final class PausableHandle extends DelegatingHandle implements ExtendedHandle {
        PausableHandle(ExtendedHandle handle) {
            super(handle);
        }

        /** Reading may be switched from one read of a round to the next. */
        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            if (!pausing) {
                return super.allocate(allocator);
            }
            boolean reading = channel.config().isAutoRead();
            scheduled(!reading);
            return reading ? super.allocate(allocator) : allocator.ioBuffer(1, 1);
        }

        @Override
        public void lastBytesRead(int bytes) {
            super.lastBytesRead(bytes);
            if (pausing && bytes < 0) {
                scheduled(true); // Netty would look for an error behind the end
            }
        }

        /** Netty schedules no further round of reads while it takes one for scheduled. */
        private void scheduled(boolean already) {
            channel.epollInReadyRunnablePending = already;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return ((ExtendedHandle) delegate()).continueReading(maybeMore);
        }
    }
}
