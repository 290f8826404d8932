package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.CHAT_101;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A process that may not open as many files as its clients would need. */
@EnabledIfSystemProperty(
        named = "culvert.packaging",
        matches = "native",
        disabledReason = "a JVM opens files to load the classes that say no")
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
                        "culvert.limits.header-timeout", "10m",
                        "culvert.upstream.port", Integer.toString(app.port())));
    }

    /** Clients that ask for nothing and are accepted, until one file is left. */
    private static Deque<Wire> fill(ProcessCulvert culvert) {
        Deque<Wire> idle = new ArrayDeque<>();
        while (culvert.lastingDescriptors() < FILES - 1) {
            idle.add(accepted(culvert));
        }
        for (long left = left(culvert); left != 1; left = left(culvert)) { // its own may come and go
            if (left > 1) {
                idle.add(accepted(culvert));
            } else {
                idle.remove().close();
            }
        }
        return idle;
    }

    private static long left(ProcessCulvert culvert) {
        return FILES - Await.settled("its files", culvert::lastingDescriptors);
    }

    private static Wire accepted(ProcessCulvert culvert) {
        Wire client = Wire.connect(culvert.port());
        int port = client.socket().getLocalPort();
        Await.until("a client is accepted", () -> KernelQueues.isAccepted(culvert.port(), port));
        return client;
    }

    private static void assertServed(ProcessCulvert culvert, App app) {
        try (Wire client = Wire.connect(culvert.port()).send(CHAT);
                Wire behind = app.accept()) {
            behind.readHead();
            behind.send(CHAT_101);
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        }
    }

    private static boolean waits(ProcessCulvert culvert) {
        return culvert.log().stream()
                .anyMatch(line -> line.contains("Clients wait: ") && line.contains("Too many open files"));
    }

    @Test
    void withoutOneForTheAppAnUpgradeIsRefusedAndTheNextOneIsNot() {
        try (App app = new App();
                ProcessCulvert culvert = start(app)) {
            culvert.adminPort();
            assertServed(culvert, app);
            Deque<Wire> idle = fill(culvert);

            try (Wire refused = Wire.connect(culvert.port()).send(CHAT)) {
                assertThat(refused.readAll()).startsWith("HTTP/1.1 502 ").contains("upstream_refused");
            }
            assertThat(app.isLeftAlone()).isTrue();

            idle.add(accepted(culvert)); // in the place of the refused one
            try (Wire waiting = Wire.connect(culvert.port())) {
                Await.until("the log says that clients wait", () -> waits(culvert));
                assertThat(waiting.isSilent()).isTrue();
            }

            idle.forEach(Wire::close);
            assertServed(culvert, app);
            assertThat(culvert.log()).noneMatch(line -> line.startsWith("\tat ") || line.contains("exceptionCaught"));
        }
    }
}
