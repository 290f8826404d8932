package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.CHAT_101;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a tunnel carries, and how it ends. */
class TunnelJourney {
    private static final int MEGABYTE = 1 << 20;

    /** A tunnel that stands, with both of its ends in hand. */
    private record Ends(Wire client, Wire app) implements AutoCloseable {
        static Ends open(Culvert culvert, App app) {
            return open(Wire.connect(culvert.port()), app);
        }

        static Ends open(Wire client, App app) {
            client.send(CHAT);
            Wire behind = app.accept();
            behind.readHead();
            behind.send(CHAT_101);
            client.readHead();
            return new Ends(client, behind);
        }

        @Override
        public void close() {
            client.close();
            app.close();
        }
    }

    private static void awaitClosed(Culvert culvert, String reason) {
        Await.until(
                "a tunnel closed by " + reason,
                () -> culvert.log().stream()
                        .anyMatch(line -> line.contains("tunnel.closed") && line.contains("reason=" + reason)));
    }

    @Test
    void theClientsEndIsPassedOnAndTheOtherDirectionLives() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Ends ends = Ends.open(culvert, app)) {
            ends.client().send("last words").finish();

            assertThat(ends.app().readAll()).isEqualTo("last words");
            ends.app().send("an answer to that").finish();
            assertThat(ends.client().readAll()).isEqualTo("an answer to that");
            awaitClosed(culvert, "client_closed");
        }
    }

    @Test
    void theAppsEndIsPassedOnAndTheOtherDirectionLives() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Ends ends = Ends.open(culvert, app)) {
            ends.app().send("last words").finish();

            assertThat(ends.client().readAll()).isEqualTo("last words");
            ends.client().send("an answer to that").finish();
            assertThat(ends.app().readAll()).isEqualTo("an answer to that");
            awaitClosed(culvert, "app_closed");
        }
    }

    @Test
    void anEndBeforeThe101IsPassedOnBehindTheEarlyBytes() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT + "early").finish();
            Wire behind = app.accept();
            behind.readHead();
            behind.send(CHAT_101 + "late").finish();

            assertThat(behind.readAll()).isEqualTo("early");
            client.readHead();
            assertThat(client.readAll()).isEqualTo("late");
        }
    }

    @Test
    void theClientsResetIsPassedOnAsAReset() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Ends ends = Ends.open(culvert, app)) {
            ends.client().reset();

            assertThat(ends.app().ending()).isEqualTo("reset");
            awaitClosed(culvert, "client_reset");
        }
    }

    @Test
    void theAppsResetIsPassedOnAsAReset() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Ends ends = Ends.open(culvert, app)) {
            ends.app().reset();

            assertThat(ends.client().ending()).isEqualTo("reset");
            awaitClosed(culvert, "app_reset");
        }
    }

    @Test
    void aMegabyteFlowsUnalteredBothWaysAtOnce() throws Exception {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Ends ends = Ends.open(culvert, app)) {
            byte[] up = random(1);
            byte[] down = random(2);
            CompletableFuture<Void> fromClient =
                    CompletableFuture.runAsync(() -> ends.client().send(up));
            CompletableFuture<Void> fromApp =
                    CompletableFuture.runAsync(() -> ends.app().send(down));
            CompletableFuture<byte[]> atApp =
                    CompletableFuture.supplyAsync(() -> ends.app().readBytes(up.length));

            assertThat(ends.client().readBytes(down.length)).isEqualTo(down);
            assertThat(atApp.get()).isEqualTo(up);
            fromClient.get();
            fromApp.get();
        }
    }

    /** The kernel's four buffers and our own are all there is; 64 MB find no room in them. */
    @Test
    void aReaderThatDoesNotReadStopsTheSender() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Ends ends = Ends.open(culvert, app)) {
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                byte[] piece = new byte[MEGABYTE];
                for (int i = 0; i < 64; i++) {
                    ends.app().send(piece);
                    sent.addAndGet(piece.length);
                }
            });
            long stalledAt = Await.settled("the bytes sent", sent::get);

            assertThat(stalledAt).isLessThan(48L * MEGABYTE);
            assertThat(Arrays.equals(ends.client().readBytes(64 * MEGABYTE), new byte[64 * MEGABYTE]))
                    .isTrue();
            sender.join();
        }
    }

    @Test
    void idleTunnelsEndAfterTheIdleTimeout() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "tunnel.idle-timeout=300ms");
                Ends ends = Ends.open(culvert, app)) {
            assertThat(ends.client().readAll()).isEmpty();
            assertThat(ends.app().readAll()).isEmpty();
            awaitClosed(culvert, "idle");
        }
    }

    @Test
    void tunnelsEndAfterTheirLifetimeThoughTheyAreBusy() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "tunnel.max-lifetime=500ms");
                Ends ends = Ends.open(culvert, app)) {
            CompletableFuture<Void> busy = CompletableFuture.runAsync(() -> {
                try {
                    while (true) {
                        ends.app().send("tick");
                    }
                } catch (java.io.UncheckedIOException e) {
                    assertThat(e).hasCauseInstanceOf(SocketException.class);
                }
            });

            ends.client().ending();
            awaitClosed(culvert, "lifetime");
            busy.join();
        }
    }

    @Test
    void aHalfClosedTunnelThatIsSilentEndsAfterTheLingerTime() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "tunnel.linger=300ms");
                Ends ends = Ends.open(culvert, app)) {
            ends.client().finish();

            assertThat(ends.client().readAll()).isEmpty();
            awaitClosed(culvert, "linger");
        }
    }

    @Test
    void everyCutOfHandshakeAndEarlyBytesGivesTheSame() {
        String stream = CHAT + "early\r\n\r\n";
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port())) {
            for (int cut = 1; cut < stream.length(); cut++) {
                try (Wire client = Wire.connect(culvert.port())) {
                    client.send(stream.substring(0, cut));
                    client.send(stream.substring(cut));
                    try (Wire behind = app.accept()) {
                        behind.readHead();
                        behind.send(CHAT_101);
                        client.readHead();
                        client.finish();
                        assertThat(behind.readAll()).as("cut at %d", cut).isEqualTo("early\r\n\r\n");
                    }
                }
            }
        }
    }

    @Test
    void everyCutOfTheAnswerAndItsFirstBytesGivesTheSame() {
        String stream = "HTTP/1.1 103 Early Hints\r\n\r\n" + CHAT_101 + "\r\nfirst";
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port())) {
            for (int cut = 1; cut < stream.length(); cut++) {
                try (Wire client = Wire.connect(culvert.port())) {
                    client.send(CHAT);
                    try (Wire behind = app.accept()) {
                        behind.readHead();
                        behind.send(stream.substring(0, cut));
                        behind.send(stream.substring(cut)).finish();
                        assertThat(client.readAll()).as("cut at %d", cut).isEqualTo(stream);
                    }
                }
            }
        }
    }

    private static byte[] random(long seed) {
        byte[] bytes = new byte[MEGABYTE];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
