package dev.culvert.flow;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundInvoker;

/**
 * What one socket that is written to did not take at once: its part in the {@link Backlog} of all. A sink that takes everything
 * costs nothing here. Event loop only.
 */
public final class SinkBacklog {
    private final Backlog all;
    private long counted;
    private boolean waiting;

    /** @param all what waits for all sinks */
    public SinkBacklog(Backlog all) {
        this.all = all;
    }

    /** Bytes that a channel has not sent yet, and a little for each buffer; 0 once it is closed. */
    public static long pending(Channel sink) {
        ChannelOutboundBuffer queue = sink.unsafe().outboundBuffer();
        return queue == null ? 0 : queue.totalPendingWriteBytes();
    }

    /** Bytes that may be written before it is time to look whether they are taken. */
    public long share() {
        return all.share();
    }

    /**
     * Counts bytes until the sink has taken all that it holds now, or is gone. What is counted already does not shrink before.
     *
     * @param bytes of memory, more than 0
     * @param sink to it nothing is written, behind what waits
     * @param taken runs then; not when something is counted already, since one is then still to run
     */
    public void count(long bytes, ChannelOutboundInvoker sink, Runnable taken) {
        if (bytes > counted) {
            all.add(bytes - counted);
            counted = bytes;
        }
        if (!waiting) {
            waiting = true;
            sink.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
                waiting = false;
                all.add(-counted);
                counted = 0;
                taken.run();
            });
        }
    }
}
