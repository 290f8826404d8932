package dev.culvert.lifecycle;

import dev.culvert.listener.TrafficListener;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jboss.logging.Logger;

/**
 * Collects what the start left behind, for whose objects there is room enough without a collection, and what a burst left, once it
 * is over: thousands of clients that come back after a deploy, or have gone. The
 * collector of a native image runs when new objects find no room, and looks through the old ones only now and then; a proxy
 * whose tunnels are all open makes no new objects, and would keep the garbage of their handshakes for hours.
 */
@ApplicationScoped
public class BurstGarbage {
    private static final Logger LOG = Logger.getLogger(BurstGarbage.class);

    /** Behind the start, and before {@link StartPages}. */
    private static final int SETTLED_MILLIS = 500;

    private static final int LOOK_MILLIS = 1_000;

    private static final String PAGES = "/proc/self/statm";

    /** Seven numbers. */
    private static final int MOST_DIGITS = 256;

    void started(@Observes StartupEvent event, Vertx vertx, TrafficListener traffic) {
        if (ImageMode.current() == ImageMode.NATIVE_RUN) {
            Rule rule = new Rule();
            vertx.setTimer(
                    SETTLED_MILLIS, settled -> collect(rule, traffic.tunnels().size()));
            vertx.setPeriodic(LOOK_MILLIS, look -> look(rule, traffic.tunnels().size()));
        }
    }

    private static void look(Rule rule, int tunnels) {
        if (rule.isQuiet(used(), tunnels) && rule.isDue(resident(), tunnels)) {
            collect(rule, tunnels);
        }
    }

    private static void collect(Rule rule, int tunnels) {
        QuietCollection.run();
        rule.collected(used(), resident(), tunnels);
        LOG.debugf("Collected behind a burst, %d bytes are left", used());
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Read as a stream: a file's channel would have more of the program's pages come back, which the start had given back. */
    private static long resident() {
        try (InputStream pages = new FileInputStream(PAGES)) {
            String statm = new String(pages.readNBytes(MOST_DIGITS), StandardCharsets.ISO_8859_1);
            return anonymous(statm, KernelMemory.pageBytes());
        } catch (IOException unreadable) {
            LOG.debug("What a burst left stays", unreadable);
            return 0;
        }
    }

    /**
     * Bytes that are resident and no file's: the heap, what it keeps for new objects, and what is outside of it.
     *
     * @param statm of {@code /proc/PID/statm}: pages in all, those that are resident, those of them that are files'
     */
    static long anonymous(String statm, long pageBytes) {
        String[] pages = statm.split(" ", 4);
        return (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * pageBytes;
    }

    /**
     * When to collect: a collection stops everything for as long as it takes to copy what is alive, so there has to be something
     * to gain, and nobody who makes new objects. What is to gain is told by what is resident: a collection in the middle of a
     * burst leaves a heap that is all but empty, and keeps its room for new objects. {@link #collected} comes first.
     */
    static final class Rule {
        /** Bytes of the heap between two looks; probes and scrapes make less. */
        static final long LITTLE = 1 << 20;

        /** So many looks in a row, or a busy process would seem quiet when its heap happens to be as full as a second ago. */
        static final int QUIET_LOOKS = 2;

        /** Bytes that an open tunnel keeps resident. */
        static final long TUNNEL = 3 << 10;

        /** Bytes that are worth a collection when little is alive, and the part of the open tunnels that comes on top. */
        static final long LEAST = 4 << 20;

        private static final int PART = 16;

        private long lastUsed;
        private int quietLooks;
        private long judgedUsed;
        private int judgedTunnels;
        private long keptResident;
        private int keptTunnels;

        /**
         * Asked at each look.
         *
         * @param used bytes of the heap, garbage among them
         * @param tunnels that are open
         * @return whether this is the time, and something happened since it was the last time
         */
        boolean isQuiet(long used, int tunnels) {
            quietLooks = Math.abs(used - lastUsed) <= LITTLE ? quietLooks + 1 : 0;
            lastUsed = used;
            boolean same = tunnels == judgedTunnels && Math.abs(used - judgedUsed) <= LEAST;
            boolean quiet = quietLooks >= QUIET_LOOKS && !same;
            if (quiet) {
                judgedUsed = used;
                judgedTunnels = tunnels;
            }
            return quiet;
        }

        /**
         * Asked when it is quiet.
         *
         * @param resident bytes that are no file's
         * @param tunnels that are open
         */
        boolean isDue(long resident, int tunnels) {
            long withoutTheNew = resident - (tunnels - keptTunnels) * TUNNEL;
            keptResident = Math.min(keptResident, withoutTheNew); // slow readers may have taken theirs since
            return withoutTheNew - keptResident > much(tunnels);
        }

        /** Bytes that are worth a collection beside so many tunnels, which it copies. */
        static long much(int tunnels) {
            return LEAST + tunnels * TUNNEL / PART;
        }

        /** What a collection left. */
        void collected(long used, long resident, int tunnels) {
            lastUsed = used;
            judgedUsed = used;
            judgedTunnels = tunnels;
            keptResident = resident;
            keptTunnels = tunnels;
        }
    }
}
