package dev.culvert.lifecycle;

import dev.culvert.CloseReason;
import dev.culvert.config.DrainSettings;
import dev.culvert.listener.TrafficListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How the process leaves without anybody noticing more than a reconnect.
 *
 * <pre>
 * serving ──{@link #begin}──► draining ──nothing is left, or {@code culvert.drain.period} is over──► drained
 * </pre>
 *
 * While it drains, new upgrades are refused, plain requests are served and their connections closed, and the tunnels that are
 * open are asked to end, spread over the first two thirds of the period. What is left at its end is closed. The port stays
 * open throughout, and after it: whoever ends the process closes it. Thread-safe.
 */
@Singleton
public final class Drain {
    /** How far it has come. */
    public enum State {
        SERVING,
        DRAINING,
        DRAINED;

        /** The name in answers and log lines. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Logger LOG = Logger.getLogger(Drain.class);
    private static final long LOOK_MILLIS = 20;

    private final TrafficListener traffic;
    private final Duration period;
    private final Vertx vertx;
    private final Promise<Void> drained = Promise.promise();
    private volatile State state = State.SERVING;
    private volatile long begun;

    /**
     * @param traffic what is drained
     * @param settings how long it may take
     * @param vertx the admin plane's: it keeps time though traffic saturates its own
     */
    public Drain(TrafficListener traffic, DrainSettings settings, Vertx vertx) {
        this.traffic = traffic;
        this.period = settings.period();
        this.vertx = vertx;
    }

    /** How far it has come. */
    public State state() {
        return state;
    }

    /** Tunnels that are still open. */
    public int tunnels() {
        return traffic.tunnels().size();
    }

    /** What is left of the period; zero unless it is draining. */
    public Duration left() {
        Duration left = period.minus(elapsed());
        return state == State.DRAINING && !left.isNegative() ? left : Duration.ZERO;
    }

    /** Begins, unless it has begun. The future completes when it is drained. */
    public synchronized Future<Void> begin() {
        if (state == State.SERVING) {
            begun = System.nanoTime();
            state = State.DRAINING;
            LOG.infof("Drain: begun, %s tunnels, at most %s ms", tunnels(), period.toMillis());
            traffic.drain(period.multipliedBy(2).dividedBy(3));
            look(null);
        }
        return drained.future();
    }

    private void look(@Nullable Long timer) {
        if (traffic.isQuiet(quiet()) && elapsed().compareTo(quiet()) >= 0) {
            ended("nothing is left");
        } else if (elapsed().compareTo(period) < 0) {
            vertx.setTimer(LOOK_MILLIS, this::look);
        } else {
            int cut = tunnels();
            traffic.tunnels().endAll(CloseReason.DRAIN_DEADLINE);
            ended("the period is over, tunnels closed: " + cut);
        }
    }

    /**
     * That nothing is under way is no sign that nothing comes: a load balancer may not have heard yet. A drain ends early when
     * a fifth of its period brought nothing new.
     */
    private Duration quiet() {
        return period.dividedBy(5);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private void ended(String why) {
        LOG.infof("Drain: ended after %s ms, %s", elapsed().toMillis(), why);
        state = State.DRAINED;
        drained.complete();
    }
}
