package dev.culvert.lifecycle;

import dev.culvert.listener.TrafficListener;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Collects what a burst left behind, once it is over: thousands of clients that come back after a deploy, or have gone. The
 * collector of a native image runs when new objects find no room, and looks through the old ones only now and then; a proxy
 * whose tunnels are all open makes no new objects, and would keep the garbage of their handshakes for hours.
 */
@ApplicationScoped
public class BurstGarbage {
    private static final Logger LOG = Logger.getLogger(BurstGarbage.class);

    private static final int LOOK_MILLIS = 1_000;

    void started(@Observes StartupEvent event, Vertx vertx, TrafficListener traffic) {
        if (ImageMode.current() == ImageMode.NATIVE_RUN) {
            Rule rule = new Rule();
            vertx.setPeriodic(LOOK_MILLIS, look -> look(rule, traffic.tunnels().size()));
        }
    }

    private static void look(Rule rule, int tunnels) {
        if (rule.isDue(used(), tunnels)) {
            QuietCollection.run();
            rule.collected(used(), tunnels);
            LOG.debugf("Collected behind a burst, %d bytes are left", used());
        }
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /**
     * When to collect: a collection stops everything for as long as it takes to copy what is alive, so there has to be something
     * to gain, and nobody who makes new objects.
     */
    static final class Rule {
        /** Bytes. New objects have room for half as many again, so a process that does little hardly ever collects but by this rule. */
        static final long MUCH = 8 << 20;

        /** Bytes between two looks; probes and scrapes make less. */
        static final long LITTLE = 1 << 20;

        /** So many looks in a row, or a busy process would seem quiet when its heap happens to be as full as a second ago. */
        static final int QUIET_LOOKS = 2;

        /** Bytes of an open tunnel's objects. */
        static final long TUNNEL = 2 << 10;

        private long lastUsed;
        private int quietLooks;
        private long keptUsed;
        private int keptTunnels;

        /**
         * Asked at each look.
         *
         * @param used bytes of the heap, garbage among them
         * @param tunnels that are open
         */
        boolean isDue(long used, int tunnels) {
            quietLooks = Math.abs(used - lastUsed) <= LITTLE ? quietLooks + 1 : 0;
            lastUsed = used;
            long alive = keptUsed + (tunnels - keptTunnels) * TUNNEL;
            return quietLooks >= QUIET_LOOKS && used - alive > MUCH;
        }

        /** What a collection left. */
        void collected(long used, int tunnels) {
            lastUsed = used;
            keptUsed = used;
            keptTunnels = tunnels;
        }
    }
}
