package dev.culvert.lifecycle;

import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Gives back to the kernel the pages of the native binary that only the start needed. Around each page that is touched the kernel maps fifteen others, so after a start
 * most of the binary counts as resident, of which a proxy at rest uses little. What is wanted again comes back from the page
 * cache, with a fault for each sixteen pages; nobody else's pages and none that were changed are touched. proc_pid_smaps(5),
 * madvise(2).
 */
@ApplicationScoped
public class StartPages {
    private static final Logger LOG = Logger.getLogger(StartPages.class);

    /** By then the process listens, and {@link BurstGarbage} has looked after the start's objects. */
    private static final int SETTLED_MILLIS = 600;

    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    private static final Path BINARY = Path.of("/proc/self/exe");

    /** Addresses of one mapping: from, including, and to, excluding. */
    record Range(long from, long to) {}

    void started(@Observes StartupEvent event, Vertx vertx) {
        if (ImageMode.current() == ImageMode.NATIVE_RUN) {
            vertx.setTimer(SETTLED_MILLIS, settled -> giveBack());
        }
    }

    private static void giveBack() {
        try {
            List<Range> unused =
                    unchanged(Files.readAllLines(MAPPINGS), BINARY.toRealPath().toString());
            unused.forEach(range -> KernelMemory.giveBack(range.from(), range.to() - range.from()));
        } catch (IOException unreadable) {
            LOG.debug("The start's pages stay resident", unreadable);
        }
    }

    /**
     * The mappings of a file that cannot be written and have no page of their own, in memory or swapped out: giving back such a
     * page would lose what was changed in it, by the dynamic linker for one.
     *
     * @param smaps lines of {@code /proc/PID/smaps}
     */
    static List<Range> unchanged(List<String> smaps, String file) {
        List<Range> ranges = new ArrayList<>();
        boolean ours = false;
        for (String line : smaps) {
            String[] words = line.split(" +", 6);
            if (!words[0].endsWith(":")) {
                ours = words.length == 6
                        && words[5].equals(file)
                        && (words[1].equals("r-xp") || words[1].equals("r--p"));
                if (ours) {
                    ranges.add(range(words[0]));
                }
            } else if (ours && (words[0].equals("Anonymous:") || words[0].equals("Swap:")) && !words[1].equals("0")) {
                ranges.remove(ranges.size() - 1);
                ours = false;
            }
        }
        return ranges;
    }

    private static Range range(String addresses) {
        int dash = addresses.indexOf('-');
        return new Range(
                Long.parseUnsignedLong(addresses, 0, dash, 16),
                Long.parseUnsignedLong(addresses, dash + 1, addresses.length(), 16));
    }
}
