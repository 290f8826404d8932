package dev.culvert.flow;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the channels of an event loop wrote in one turn of it goes out behind the reads of that turn. A send wakes its
 * receiver, which then has little to do until the next one, sleeps again and must be woken again, each time at the sender's
 * cost; sends in a row find it awake. Where a turn has one send, putting it off only costs: the next ones go out at once, and
 * then it is tried again. Event loop only.
 */
public final class Flushes implements Runnable {
    /** Nobody waits for more reads than these. */
    private static final int MOST = 64;

    private static final int AT_ONCE = 15;

    private final Executor eventLoop;
    private final @Nullable Runnable[] sends = new Runnable[MOST];
    private int count;
    private int atOnce;

    /** @param eventLoop runs what it is given when it has read from all that is ready */
    public Flushes(Executor eventLoop) {
        this.eventLoop = eventLoop;
    }

    /**
     * Sends by the end of this turn.
     *
     * @param send flushes one channel
     */
    public void add(Runnable send) {
        if (atOnce > 0) {
            atOnce--;
            send.run();
            return;
        }
        if (count == MOST) {
            run();
        }
        if (count == 0) {
            eventLoop.execute(this);
        }
        sends[count] = send;
        count++;
    }

    /** Sends all that was added. */
    @Override
    public void run() {
        atOnce = count == 1 ? AT_ONCE : 0;
        for (int i = 0; i < count; i++) {
            Runnable send = sends[i];
            sends[i] = null;
            if (send != null) {
                send.run();
            }
        }
        count = 0;
    }
}
