package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When the time of a tunnel is up. What it carries and its other ends: {@code wire/*.txt}. */
class TunnelJourney {
    private static final int MEGABYTES_16 = 16 << 20;
    private static final int SMALL = 4096;

    private static void awaitClosed(Culvert culvert, String reason) {
        Await.until(
                "a tunnel closed by " + reason,
                () -> culvert.log().stream()
                        .anyMatch(line -> line.contains("tunnel.closed") && line.contains("reason=" + reason)));
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
            CompletableFuture<Void> busy = Background.run(() -> {
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

    /** Its end is passed on behind its last byte, and a reader may pause as long as it likes. */
    @Test
    @Tag("wire:6.linger")
    @Tag("wire:6.half-close")
    void whatOneSideSentBeforeItsEndWaitsForAReaderThatPauses() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "tunnel.linger=300ms");
                Ends slow = Ends.open(Wire.connect(culvert.port(), SMALL), app::accept);
                Ends clock = Ends.open(culvert, app)) {
            CompletableFuture<Void> sending =
                    Background.run(() -> slow.app().send(new byte[MEGABYTES_16]).finish());
            Await.settled("the held bytes", culvert::memory);
            clock.client().finish();
            awaitClosed(culvert, "linger");

            assertThat(slow.client().readBytes(MEGABYTES_16)).hasSize(MEGABYTES_16);
            sending.join();
            slow.client().send("still there");
            assertThat(slow.app().read(11)).isEqualTo("still there");
        }
    }
}
