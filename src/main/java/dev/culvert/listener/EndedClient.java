package dev.culvert.listener;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client that ended its stream behind a plain request and still reads, as {@code nc -N} does. Whoever has left for good
 * looks the same until something is written to it, so the app may not be silent for ever. Event loop only.
 */
final class EndedClient {
    private final ChannelHandlerContext ctx;
    private final Duration linger;
    private final Runnable close;
    private @Nullable Future<?> timer;

    /**
     * Begins to time the silence.
     *
     * @param linger how long the app may be silent; 0 is for ever
     * @param close closes the connection, in the middle of an answer too
     */
    EndedClient(ChannelHandlerContext ctx, Duration linger, Runnable close) {
        this.ctx = ctx;
        this.linger = linger;
        this.close = close;
        ctx.channel().closeFuture().addListener(closed -> stop());
        answering();
    }

    /** Something goes to the client. */
    void answering() {
        stop();
        if (!linger.isZero()) {
            timer = ctx.executor().schedule(close, linger.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Closes once all that was written is out: there is no further request. */
    void finish() {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> ctx.close());
    }

    /** Nothing is timed any more, unless something is written: the connection is gone, or has become another thing. */
    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
