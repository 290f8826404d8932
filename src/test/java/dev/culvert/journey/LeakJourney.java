package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Upgrades that ended leave nothing behind, in whichever way they did: no tunnel, no permit, no descriptor, no buffer. Ten
 * thousand in all, the same number in each way; {@code leak.upgrades} sets another number.
 */
class LeakJourney {
    private static final int EACH_WAY =
            Math.max(1, Integer.getInteger("leak.upgrades", 10_000) / (Way.values().length + 1));

    /** Behind the request: held until there is a tunnel, which mostly there will not be. */
    private static final String EARLY = "early";

    /** Upgrades at once, so that those which end by a timer need not wait for each other. */
    private static final int BATCH = 120;

    /** Code that is compiled, a thread's cache of buffers: a megabyte or two on a JVM whose heap is resident from the start. */
    private static final long NOISE_OF_A_JVM = 4 << 20;

    /** A heap that is touched for the first time besides. */
    private static final long NOISE_OF_A_NATIVE_IMAGE = 24 << 20;

    /** What the test's own JVM opens at the first time. */
    private static final int SPARE_DESCRIPTORS = 8;

    @ParameterizedTest
    @EnumSource(Way.class)
    void upgradesThatEndedLeaveNothingBehind(Way way) {
        try (App app = new App();
                Culvert culvert = Culvert.start(way == Way.APP_REFUSES ? refusing() : app.port(), way.settings())) {
            end(culvert, app, way, BATCH); // what is made once, at the first time
            Await.until("nothing is open", () -> isEmpty(culvert));
            long descriptors = Await.settled("descriptors", culvert::descriptors);
            long memory = Await.settled("memory", culvert::memory);

            for (int left = EACH_WAY; left > 0; left -= BATCH) {
                end(culvert, app, way, Math.min(left, BATCH));
            }

            Await.until("every tunnel and permit is given back", () -> isEmpty(culvert));
            Await.until("every descriptor is given back", () -> culvert.descriptors() <= descriptors);
            Await.until("every buffer is given back", () -> culvert.memory() <= memory + noise());
            if (!way.logged().isEmpty()) {
                Await.until("all are logged", () -> logged(culvert, way) == EACH_WAY + BATCH);
            }
            assertThat(culvert.log()).noneMatch(line -> line.contains("LEAK"));
        }
    }

    @Test
    void tunnelsThatWereDrainedLeaveNothingBehind() {
        try (App app = new App()) {
            long before = ProcessFiles.descriptors(ProcessHandle.current().pid());
            Culvert culvert = Culvert.start(app.port());
            List<Ends> tunnels = new ArrayList<>();
            for (int i = 0; i < EACH_WAY; i++) {
                tunnels.add(Ends.open(culvert, app));
            }

            culvert.close();

            tunnels.forEach(tunnel -> assertThat(tunnel.client().ending()).isEqualTo("end"));
            tunnels.forEach(tunnel -> assertThat(tunnel.app().ending()).isEqualTo("end"));
            tunnels.forEach(Ends::close);
            assertThat(isEmpty(culvert)).isTrue();
            Await.until(
                    "every descriptor is given back",
                    () -> ProcessFiles.descriptors(ProcessHandle.current().pid()) <= before + SPARE_DESCRIPTORS);
            // A process gives its tunnels no time, as it is set here; the plane in the test's JVM is just stopped.
            assertThat(culvert.log().stream()
                            .filter(line -> line.contains("reason=drained") || line.contains("reason=drain_deadline")))
                    .hasSize(EACH_WAY);
            assertThat(culvert.log()).noneMatch(line -> line.contains("LEAK"));
        }
    }

    private static long noise() {
        return switch (Packaging.current()) {
            case CLASSES -> 0; // what is held is counted there, not what is resident
            case JAR -> NOISE_OF_A_JVM;
            case NATIVE -> NOISE_OF_A_NATIVE_IMAGE;
        };
    }

    /** What can be asked of it where it runs in this JVM; of a process, its end and its descriptors have to tell. */
    private static boolean isEmpty(Culvert culvert) {
        return !(culvert instanceof InProcessCulvert own)
                || (own.listener().tunnels().size() == 0
                        && own.listener().admission().permits() == 0);
    }

    /** A port where nobody listens. */
    private static int refusing() {
        try (App gone = new App()) {
            return gone.port();
        }
    }

    private static void end(Culvert culvert, App app, Way way, int count) {
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Wire client = Wire.connect(culvert.port()).send(CHAT + EARLY);
            wires.add(client);
            if (way != Way.APP_REFUSES) {
                Wire behind = app.accept();
                wires.add(behind);
                behind.readHead();
                way.go(client, behind);
            }
        }
        wires.forEach(wire -> assertThat(wire.ending()).isNotEqualTo("open"));
        wires.forEach(Wire::close);
    }

    private static long logged(Culvert culvert, Way way) {
        return culvert.log().stream()
                .filter(line -> line.contains(way.logged()))
                .count();
    }
}
