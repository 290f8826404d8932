package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The story in one test: what a proxy in front stripped is restored, and the tunnel stands. Each rule of it is a row of {@code
 * wire/*.txt}, which {@link WireRulesJourney} plays.
 */
class UpgradeJourney {
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
    static final String CHAT =
            "GET /chat?room=1 HTTP/1.1\r\nHost: example.org\r\nConnection: Upgrade\r\nUpgrade: chatproto\r\n\r\n";
    static final String CHAT_101 =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chatproto\r\n\r\n";
    static final String STRIPPED = "GET /ws HTTP/1.0\r\nHost: example.org\r\nConnection: close\r\nSec-WebSocket-Key: "
            + KEY + "\r\nSec-WebSocket-Version: 13\r\n\r\n";

    @Test
    void anUpgradeWaitsForAnAppThatBoots() {
        int port;
        try (App app = new App()) {
            port = app.port();
        }
        try (Culvert culvert = Culvert.start(port, "upstream.connect-retry=1m");
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT);
            assertThat(client.isSilent()).isTrue();

            try (App app = App.on(port)) {
                app.accept().send(CHAT_101);
                assertThat(client.readHead()).isEqualTo(CHAT_101);
            }
        }
    }

    @Test
    void aStrippedHandshakeIsRestored() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(STRIPPED);
            Wire behind = app.accept();
            String head = behind.readHead();
            behind.send(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                            + ACCEPT + "\r\n\r\n\u0081\2hi");

            assertThat(head)
                    .startsWith("GET /ws HTTP/1.1\r\n")
                    .contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 Switching Protocols\r\n");
            assertThat(client.read(4)).isEqualTo("\u0081\2hi");
            Await.until(
                    "the opening is logged with what was missing",
                    () -> culvert.log().stream()
                            .anyMatch(line -> line.contains("tunnel.opened")
                                    && line.contains("restored=upgrade+connection+http/1.1")));
        }
    }
}
