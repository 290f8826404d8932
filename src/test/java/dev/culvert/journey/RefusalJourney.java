package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.CHAT_101;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is refused for want of room. The rest of wire rules §2 is rows of {@code wire/refused.txt}. */
class RefusalJourney {
    private static final int MANY = 40;
    private static final int LIMIT = 3;

    @Test
    @Tag("wire:2.room")
    void tunnelsBeyondTheLimitAreRefusedUntilOneEnds() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "limits.tunnels=1")) {
            try (Wire first = Wire.connect(culvert.port());
                    Wire second = Wire.connect(culvert.port())) {
                first.send(CHAT);
                Wire behind = app.accept();
                behind.readHead();
                second.send(CHAT);
                assertThat(second.readAll()).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: ");
                behind.close();
            }
            Await.until("room again", () -> {
                try (Wire next = Wire.connect(culvert.port())) {
                    next.send(CHAT).finish();
                    try (Wire behind = app.accept()) {
                        behind.send(CHAT_101);
                        return next.readHead().contains(" 101 ");
                    } catch (AssertionError refused) {
                        return false;
                    }
                }
            });
        }
    }

    /** They come at once: what counts is when they are accepted. */
    @Test
    @Tag("wire:2.connections")
    void connectionsBeyondTheLimitWaitUntilOthersEnd() {
        List<Wire> clients = new ArrayList<>();
        List<Wire> served = new ArrayList<>();
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "limits.connections=" + LIMIT, "listen.event-loops=2")) {
            while (clients.size() < MANY) {
                clients.add(Wire.connect(culvert.port()).send(CHAT));
            }
            for (int i = 0; i < LIMIT; i++) {
                served.add(app.accept());
            }
            assertThat(app.isLeftAlone()).isTrue();

            served.forEach(Wire::reset); // their clients get a 502 and the end
            clients.forEach(Wire::finish);

            for (int i = LIMIT; i < MANY; i++) {
                app.accept().reset();
            }
            clients.forEach(client -> assertThat(client.readAll()).startsWith("HTTP/1.1 502 "));
        }
    }

    @Test
    @Tag("wire:2.connections")
    void aConnectionThatBecameATunnelCountsUntilTheTunnelEnds() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "limits.connections=1");
                Wire client = Wire.connect(culvert.port()).send(CHAT);
                Wire behind = app.accept()) {
            behind.readHead();
            behind.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chatproto\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            try (Wire next = Wire.connect(culvert.port()).send(CHAT)) {
                assertThat(app.isLeftAlone()).isTrue();

                client.reset();

                app.accept().reset();
                assertThat(next.readAll()).startsWith("HTTP/1.1 502 ");
            }
        }
    }
}
