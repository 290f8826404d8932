package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.CHAT_101;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a tunnel does under pressure, and when its time is up. What it carries and its other ends: {@code wire/*.txt}. */
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

    /** The kernel's four buffers and our own are all there is; 64 MB find no room in them. */
    @Test
    @Tag("wire:6.pressure")
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
    @Tag("wire:6.idle")
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
    @Tag("wire:6.lifetime")
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
    @Tag("wire:6.linger")
    void aHalfClosedTunnelThatIsSilentEndsAfterTheLingerTime() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "tunnel.linger=300ms");
                Ends ends = Ends.open(culvert, app)) {
            ends.client().finish();

            assertThat(ends.client().readAll()).isEmpty();
            awaitClosed(culvert, "linger");
        }
    }
}
