package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Handshakes that reach the app, and what the client gets for them. */
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
    void anUpgradeToAnyProtocolReachesTheAppWithThePair() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT);
            Wire behind = app.accept();

            String head = behind.readHead();

            assertThat(head).startsWith("GET /chat?room=1 HTTP/1.1\r\nHost: example.org\r\n");
            assertThat(head).contains("\r\nConnection: Upgrade\r\n", "\r\nUpgrade: chatproto\r\n");
        }
    }

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
    void bytesFlowBothWaysAfterThe101() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT);
            Wire behind = app.accept();
            behind.readHead();
            behind.send(CHAT_101 + "from the app");

            assertThat(client.readHead()).isEqualTo(CHAT_101);
            assertThat(client.read(12)).isEqualTo("from the app");

            client.send("\0\1from the client\r\n\r\n");
            assertThat(behind.read(21)).isEqualTo("\0\1from the client\r\n\r\n");
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

    @Test
    void aReusableHopIsNotRestoredInSafeMode() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(STRIPPED.replace("HTTP/1.0", "HTTP/1.1").replace("Connection: close\r\n", ""));
            Wire behind = app.accept();

            assertThat(behind.readHead()).doesNotContainIgnoringCase("upgrade");
        }
    }

    @Test
    void aReusableHopIsRestoredWhereTheOperatorSaysSo() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "upgrade.restore=always");
                Wire client = Wire.connect(culvert.port())) {
            client.send(STRIPPED.replace("HTTP/1.0", "HTTP/1.1").replace("Connection: close\r\n", ""));
            Wire behind = app.accept();

            assertThat(behind.readHead()).contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
        }
    }

    @Test
    void earlyBytesWaitForThe101AndThenGoFirst() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
            Wire behind = app.accept();
            behind.readHead();

            behind.send(CHAT_101);
            client.readHead();
            client.send("later");

            assertThat(behind.read(40)).isEqualTo("GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\nlater");
        }
    }

    @Test
    void aRequestBodyIsForwardedInItsFramingBeforeTheSwitch() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(
                    "POST /exec HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 29\r\n\r\n"
                            + "{\"Detach\":false,\"Tty\":false}\n" + "early");
            Wire behind = app.accept();

            assertThat(behind.readHead()).startsWith("POST /exec HTTP/1.1\r\n").contains("\r\nContent-Length: 29\r\n");
            assertThat(behind.read(29)).isEqualTo("{\"Detach\":false,\"Tty\":false}\n");

            behind.send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 UPGRADED\r\n");
            assertThat(behind.read(5)).isEqualTo("early");
        }
    }

    @Test
    void aChunkedRequestBodyStaysChunked() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(
                    "POST /exec HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "5\r\nhello\r\n0\r\n\r\nearly");
            Wire behind = app.accept();

            assertThat(behind.readHead()).contains("\r\nTransfer-Encoding: chunked\r\n");
            assertThat(behind.read(15)).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
        }
    }

    @Test
    void fieldsKeepTheirOrderCaseAndRepetition() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "forwarded.mode=off");
                Wire client = Wire.connect(culvert.port())) {
            client.send(
                    "GET / HTTP/1.1\r\nhOsT: d\r\nX-B: 2\r\nx-a: 1\r\nX-B: 3\r\nConnection: upgrade, x-nominated, cookie\r\n"
                            + "X-Nominated: gone\r\nCookie: kept\r\nUPGRADE: ChatProto\r\nKeep-Alive: 5\r\n\r\n");
            Wire behind = app.accept();

            assertThat(behind.readHead())
                    .isEqualTo("GET / HTTP/1.1\r\nhOsT: d\r\nX-B: 2\r\nx-a: 1\r\nX-B: 3\r\nCookie: kept\r\n"
                            + "Connection: Upgrade\r\nUpgrade: ChatProto\r\n\r\n");
        }
    }

    @Test
    void interimAnswersArePassedOnBeforeThe101() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT);
            Wire behind = app.accept();
            behind.readHead();
            behind.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\n" + CHAT_101);

            assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\n");
            assertThat(client.readHead()).isEqualTo(CHAT_101);
        }
    }

    @Test
    void anotherAnswerIsPassedOnWholeAndTheConnectionCloses() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT + "early bytes are never parsed");
            Wire behind = app.accept();
            behind.readHead();
            behind.send("HTTP/1.1 401 Who Are You\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nWWW-Authenticate: Basic\r\n"
                    + "Content-Length: 6\r\n\r\nsecret");

            assertThat(client.readAll())
                    .isEqualTo(
                            "HTTP/1.1 401 Who Are You\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nWWW-Authenticate: Basic\r\n"
                                    + "Content-Length: 6\r\nConnection: close\r\n\r\nsecret");
            assertThat(behind.readAll()).isEmpty();
        }
    }

    @Test
    void aChunkedAnswerToAnHttp10HopLosesItsChunksNotItsBytes() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(STRIPPED);
            Wire behind = app.accept();
            behind.readHead();
            behind.send(
                    "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nno \r\n3\r\nway\r\n0\r\n\r\n");

            assertThat(client.readAll()).isEqualTo("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\nno way");
        }
    }

    @Test
    void aTruncatedAnswerNeverLooksWhole() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT);
            Wire behind = app.accept();
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            client.readHead();
            client.read(10);
            behind.finish();

            assertThat(client.readAll()).isEmpty();
        }
    }
}
