package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.CHAT_101;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A process that may not open as many files as its clients would need. */
class FewFilesIT {
    private static final int FILES = 256;

    private static ProcessCulvert start(App app) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + FILES + "; exec \"$@\"", "sh"));
        command.addAll(Packaging.current().command());
        return new ProcessCulvert(
                command,
                Map.of(
                        "culvert.listen.host", "127.0.0.1",
                        "culvert.listen.port", "0",
                        "culvert.admin.host", "127.0.0.1",
                        "culvert.admin.port", "0",
                        "culvert.drain.period", "0",
                        "culvert.upstream.port", Integer.toString(app.port())));
    }

    /** Clients that ask for nothing, until so many files are left. Files that are open for a moment only count for nothing. */
    private static List<Wire> fill(ProcessCulvert culvert, int left) {
        List<Wire> idle = new ArrayList<>();
        long missing = missing(culvert, left);
        while (missing > 0) {
            for (long i = 0; i < missing; i++) {
                idle.add(Wire.connect(culvert.port()));
            }
            missing = missing(culvert, left);
        }
        return idle;
    }

    private static long missing(ProcessCulvert culvert, int left) {
        return FILES - left - Await.settled("its files", culvert::descriptors);
    }

    @Test
    void withoutOneForTheAppAnUpgradeIsRefusedAndTheNextOneIsNot() {
        try (App app = new App();
                ProcessCulvert culvert = start(app)) {
            culvert.adminPort();
            List<Wire> idle = fill(culvert, 1);

            try (Wire refused = Wire.connect(culvert.port()).send(CHAT)) {
                assertThat(refused.readAll()).startsWith("HTTP/1.1 502 ").contains("upstream_refused");
            }
            assertThat(app.isLeftAlone()).isTrue();

            idle.forEach(Wire::close);
            try (Wire client = Wire.connect(culvert.port()).send(CHAT);
                    Wire behind = app.accept()) {
                behind.readHead();
                behind.send(CHAT_101);
                assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            }
            assertThat(culvert.log()).noneMatch(line -> line.startsWith("\tat "));
        }
    }
}
