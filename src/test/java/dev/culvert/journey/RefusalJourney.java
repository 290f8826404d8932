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
    private static final int NOTICED_MILLIS = 300;

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

    /** Behind the connection that reaches the limit one batch of accepts may be under way: 16 connections. */
    @Test
    @Tag("wire:2.connections")
    void connectionsBeyondTheLimitWaitUntilOthersEnd() {
        List<Wire> clients = new ArrayList<>();
        List<Wire> served = new ArrayList<>();
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "limits.connections=1", "listen.event-loops=1")) {
            clients.add(Wire.connect(culvert.port()).send(CHAT));
            served.add(app.accept());
            while (clients.size() < MANY) {
                clients.add(Wire.connect(culvert.port()).send(CHAT));
            }
            while (app.acceptWithin(NOTICED_MILLIS).map(served::add).orElse(false)) {
                assertThat(served).hasSizeLessThan(MANY);
            }

            served.forEach(Wire::reset); // their clients get a 502 and the end
            clients.forEach(Wire::finish);

            int waiting = MANY - served.size();
            for (int i = 0; i < waiting; i++) {
                app.accept().reset();
            }
            clients.forEach(client -> assertThat(client.readAll()).startsWith("HTTP/1.1 502 "));
        }
    }
}
