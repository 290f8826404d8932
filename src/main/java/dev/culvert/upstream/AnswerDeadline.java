package dev.culvert.upstream;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How long the app may take for its answer. A client that stalls inside its body is timed, too. Event loop only. */
final class AnswerDeadline {
    private final EventExecutor eventLoop;
    private final Duration timeout;
    private final Runnable late;
    private @Nullable ScheduledFuture<?> pending;

    /**
     * @param timeout from the last piece of the request to the final answer's head
     * @param late runs when it is over, at most once for each start
     */
    AnswerDeadline(EventExecutor eventLoop, Duration timeout, Runnable late) {
        this.eventLoop = eventLoop;
        this.timeout = timeout;
        this.late = late;
    }

    /** A piece of the request goes to the app: its time begins, or begins anew. */
    void start() {
        stop();
        pending = eventLoop.schedule(late, timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Nothing is due any more. */
    void stop() {
        if (pending != null) {
            pending.cancel(false);
            pending = null;
        }
    }
}
