package dev.culvert.flow;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/**
 * What the channels of an event loop wrote in one turn of it goes out behind the reads of that turn. A send wakes its
 * receiver, which then has little to do until the next one, sleeps again and must be woken again, each time at the sender's
 * cost; sends in a row find it awake. Where a turn has one send, putting it off only costs: the next ones go out at once, and
 * then it is tried again. A send may add others, which are run in a turn of their own. Event loop only.
 */
public final class Flushes implements Runnable {
    private static final Logger LOG = Logger.getLogger(Flushes.class);

    /** Nobody waits for more reads than these. */
    private static final int MOST = 64;

    private static final int AT_ONCE = 15;

    private final Executor eventLoop;
    private final Queue<Runnable> sends = new ArrayDeque<>(MOST);
    private int atOnce;
    private boolean scheduled;
    private boolean sending;

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
        if (sends.size() >= MOST && !sending) {
            sendAll();
        }
        sends.add(send);
        if (!scheduled) {
            scheduled = true;
            eventLoop.execute(this);
        }
    }

    /** Sends all that was added. */
    @Override
    public void run() {
        scheduled = false;
        atOnce = sends.size() == 1 ? AT_ONCE : 0;
        sendAll();
    }

    private void sendAll() {
        sending = true;
        for (int left = sends.size(); left > 0; left--) {
            send(sends.remove());
        }
        sending = false;
    }

    /** One that fails must not keep back those behind it. */
    private static void send(Runnable send) {
        try {
            send.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A send failed by a fault of our own", e);
        }
    }
}
