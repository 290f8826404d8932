package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.ACCEPT;
import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What clients and the app notice of a drain. */
class DrainJourney {
    private static final String WEBSOCKET =
            "GET /ws HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: " + KEY
                    + "\r\nSec-WebSocket-Version: 13\r\n\r\n";
    private static final String WEBSOCKET_101 =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                    + ACCEPT + "\r\n\r\n";
    private static final String PLAIN = "GET /plain HTTP/1.1\r\nHost: d\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    /** Server to client: Close, 1001. */
    private static final String GOING_AWAY = "\u0088\u0002\u0003\u00e9";

    /** Client to server: an echo of that, with a mask of zeros. */
    private static final String CLIENT_ECHO = "\u0088\u0082\0\0\0\0\u0003\u00e9";

    private static final String SHORT = "drain.period=900ms";

    /** Longer than any test takes: nothing here waits for its end. */
    private static final String LONG = "drain.period=60s";

    private static Ends webSocket(Culvert culvert, App app) {
        Wire client = Wire.connect(culvert.port()).send(WEBSOCKET);
        Wire behind = app.accept();
        behind.readHead();
        behind.send(WEBSOCKET_101);
        client.readHead();
        return new Ends(client, behind);
    }

    private static void awaitClosed(Culvert culvert, String reason) {
        Await.until(
                "a tunnel closed by " + reason,
                () -> culvert.log().stream()
                        .anyMatch(line -> line.contains("tunnel.closed") && line.contains("reason=" + reason)));
    }

    /** What stands in the client's Close frame, once its mask is off. */
    private static String unmasked(String frame) {
        char[] payload = frame.substring(6).toCharArray();
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= frame.charAt(2 + i % 4);
        }
        return new String(payload);
    }

    @Test
    void aWebSocketIsClosedWith1001InBothDirectionsAndEndsByItself() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), SHORT);
                Ends ends = webSocket(culvert, app)) {
            culvert.drain();

            assertThat(ends.client().read(4)).isEqualTo(GOING_AWAY);
            String towardsApp = ends.app().read(8);
            assertThat(towardsApp).startsWith("\u0088\u0082");
            assertThat(unmasked(towardsApp)).isEqualTo("\u0003\u00e9");

            ends.client().send(CLIENT_ECHO);
            assertThat(ends.app().read(8)).isEqualTo(CLIENT_ECHO);
            ends.app().finish();
            assertThat(ends.client().readAll()).isEmpty();
            ends.client().finish();
            awaitClosed(culvert, "drained");
        }
    }

    @Test
    void theCloseFrameWaitsForTheMessageThatIsUnderWay() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), LONG.replace("60s", "3s"));
                Ends ends = webSocket(culvert, app)) {
            ends.app().send("\u0001\u0005he"); // the first fragment, and not all of it
            assertThat(ends.client().read(4)).isEqualTo("\u0001\u0005he");
            culvert.drain();
            ends.app().read(8); // told; had there been no message under way, so would be the client
            ends.app().send("llo\u0080\u0006 world\u0081\u0003!!!");

            assertThat(ends.client().read(20)).isEqualTo("llo\u0080\u0006 world" + GOING_AWAY + "\u0081\u0003!!!");
        }
    }

    @Test
    void otherProtocolsGetTheEndOfTheirStreams() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), SHORT);
                Ends ends = Ends.open(culvert, app)) {
            ends.app().send("last words");
            assertThat(ends.client().read(10)).isEqualTo("last words");
            culvert.drain();

            assertThat(ends.client().readAll()).isEmpty();
            assertThat(ends.app().readAll()).isEmpty();
            ends.client().finish();
            ends.app().finish();
            awaitClosed(culvert, "drained");
        }
    }

    @Test
    void whatCallsItselfAWebSocketAndIsNoneGetsTheEndOfItsStream() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), SHORT);
                Ends ends = webSocket(culvert, app)) {
            ends.app().send("no frame");
            assertThat(ends.client().read(8)).isEqualTo("no frame");
            culvert.drain();

            assertThat(ends.client().readAll()).isEmpty();
        }
    }

    @Test
    void whoeverEndsByItselfIsNotDisturbed() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), SHORT);
                Ends closing = webSocket(culvert, app);
                Ends halfClosed = Ends.open(culvert, app)) {
            closing.app().send(GOING_AWAY);
            assertThat(closing.client().read(4)).isEqualTo(GOING_AWAY);
            halfClosed.client().finish();
            assertThat(halfClosed.app().readAll()).isEmpty();
            culvert.drain();

            assertThat(closing.client().readAll()).isEmpty();
            assertThat(closing.app().readAll()).isEmpty();
            assertThat(halfClosed.client().readAll()).isEmpty();
            awaitClosed(culvert, "drain_deadline");
        }
    }

    @Test
    void whatIsLeftAtTheDeadlineIsClosed() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), SHORT);
                Ends ends = webSocket(culvert, app)) {
            culvert.drain();

            assertThat(ends.client().readAll()).isEqualTo(GOING_AWAY);
            awaitClosed(culvert, "drain_deadline");
        }
    }

    @Test
    @Tag("wire:2.draining")
    void newUpgradesAreRefusedWithAWordOnWhenToComeBack() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), LONG)) {
            culvert.drain();
            try (Wire client = Wire.connect(culvert.port())) {
                assertThat(client.send(CHAT).readAll())
                        .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                        .contains("\r\nConnection: close\r\n", "\r\nRetry-After: 1\r\n");
            }
            assertThat(app.isLeftAlone()).isTrue();
        }
    }

    @Test
    void plainRequestsAreServedAndTheirConnectionsClosed() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), LONG);
                Wire underWay = Wire.connect(culvert.port())) {
            underWay.send(PLAIN);
            Wire behind = app.accept();
            behind.readHead();
            culvert.drain();

            behind.send(OK);
            assertThat(underWay.readAll())
                    .containsIgnoringCase("\r\nconnection: close\r\n")
                    .endsWith("ok");
            try (Wire late = Wire.connect(culvert.port())) {
                late.send(PLAIN);
                Wire again = app.accept();
                again.readHead();
                again.send(OK);
                assertThat(late.readAll())
                        .containsIgnoringCase("\r\nconnection: close\r\n")
                        .endsWith("ok");
            }
        }
    }

    @Test
    void aTunnelWhoseHandshakeWasUnderWayIsAskedToo() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), SHORT.replace("900ms", "3s"));
                Wire client = Wire.connect(culvert.port())) {
            client.send(WEBSOCKET);
            Wire behind = app.accept();
            behind.readHead();
            culvert.drain();
            behind.send(WEBSOCKET_101);

            client.readHead();
            assertThat(client.read(4)).isEqualTo(GOING_AWAY);
        }
    }
}
