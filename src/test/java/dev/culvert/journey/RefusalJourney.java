package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.CHAT_101;
import static dev.culvert.journey.UpgradeJourney.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that reach no app, answers that reach no client, and what is said instead. */
class RefusalJourney {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "9112 §3.2: no Host                      | 400 | GET / HTTP/1.1\\r\\n\\r\\n",
                "9112 §3.2: two Hosts                    | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: a\\r\\n\\r\\n",
                "9112 §3.2: a Host that is none          | 400 | GET / HTTP/1.1\\r\\nHost: a b\\r\\n\\r\\n",
                "9112 §3.2: a Host with user info        | 400 | GET / HTTP/1.1\\r\\nHost: u@a\\r\\n\\r\\n",
                "9112 §6.3: both lengths                 | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nabc",
                "9112 §6.3: two lengths                  | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\nContent-Length: 3\\r\\n\\r\\nabc",
                "9112 §6.3: a list of lengths            | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3, 3\\r\\n\\r\\nabc",
                "9112 §6.3: a signed length              | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: +3\\r\\n\\r\\nabc",
                "9112 §6.1: a coding but chunked         | 400 | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: gzip\\r\\n\\r\\n",
                "9112 §6.1: a coding before chunked      | 501 | POST / HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: gzip, chunked\\r\\n\\r\\n",
                "9112 §6.1: a coding in HTTP/1.0         | 400 | POST / HTTP/1.0\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n",
                "9112 §5.1: a blank before the colon     | 400 | GET / HTTP/1.1\\r\\nHost : a\\r\\n\\r\\n",
                "9112 §5.2: a folded line                | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX: 1\\r\\n 2\\r\\n\\r\\n",
                "9112 §2.2: a bare CR                    | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX: 1\\r2\\r\\n\\r\\n",
                "9112 §2.2: a bare LF                    | 400 | GET / HTTP/1.1\\nHost: a\\n\\n",
                "9110 §5.5: NUL                          | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\nX: \\0\\r\\n\\r\\n",
                "9110 §5.1: an empty field name          | 400 | GET / HTTP/1.1\\r\\nHost: a\\r\\n: 1\\r\\n\\r\\n",
                "9112 §3.2: a fragment                   | 400 | GET /#a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n",
                "9112 §3.2: neither path nor URL         | 400 | GET a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n",
                "9112 §3: two blanks                     | 400 | GET  / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n",
                "9110 §9.3.6: CONNECT                    | 405 | CONNECT a:1 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n",
                "9110 §9.3.8: TRACE                      | 405 | TRACE / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n",
                "9110 §15.6.6: another version           | 505 | GET / HTTP/2.0\\r\\nHost: a\\r\\n\\r\\n",
            })
    void nothingOfARefusedRequestReachesTheApp(String clause, int status, String request) {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(unescape(request));

            assertThat(client.readAll()).startsWith("HTTP/1.1 " + status + " ").contains("\r\nConnection: close\r\n");
            assertThat(app.isLeftAlone()).isTrue();
            Await.until(
                    "the refusal is logged",
                    () -> culvert.log().stream()
                            .anyMatch(line ->
                                    line.contains("request.refused") && line.contains(" status=" + status + " ")));
        }
    }

    private static String unescape(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
    }

    @Test
    void theHttp2PrefaceIsClosedWithoutAWord() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

            assertThat(client.readAll()).isEmpty();
            assertThat(app.isLeftAlone()).isTrue();
        }
    }

    @Test
    void aHeadThatIsTooLongIsRefused() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "limits.header-size=1K")) {
            try (Wire client = Wire.connect(culvert.port())) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(1024) + "\r\n\r\n");
                assertThat(client.readAll()).startsWith("HTTP/1.1 431 ");
            }
            try (Wire client = Wire.connect(culvert.port())) {
                client.send("GET /" + "x".repeat(1024) + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readAll()).startsWith("HTTP/1.1 414 ");
            }
            assertThat(app.isLeftAlone()).isTrue();
        }
    }

    @Test
    void tooManyFieldsAreRefused() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "limits.header-count=3");
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void aHeadThatDoesNotEndIsRefusedInTime() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "limits.header-timeout=200ms")) {
            try (Wire client = Wire.connect(culvert.port())) {
                client.send("GET / HTTP/1.1\r\nHost");
                assertThat(client.readAll()).startsWith("HTTP/1.1 408 ");
            }
            try (Wire silent = Wire.connect(culvert.port())) {
                assertThat(silent.readAll()).startsWith("HTTP/1.1 408 ");
            }
        }
    }

    @Test
    void anOriginThatIsNotListedMayNotOpenATunnel() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "upgrade.origins=https://a.example,https://*.b.example")) {
            try (Wire stranger = Wire.connect(culvert.port())) {
                stranger.send(CHAT.replace("\r\n\r\n", "\r\nOrigin: https://evil.example\r\n\r\n"));
                assertThat(stranger.readAll()).startsWith("HTTP/1.1 403 ");
            }
            try (Wire friend = Wire.connect(culvert.port())) {
                friend.send(CHAT.replace("\r\n\r\n", "\r\nOrigin: https://www.b.example\r\n\r\n"));
                app.accept().readHead();
            }
        }
    }

    @Test
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

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "9110 §7.8: a 101 that names no protocol     | HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\n\\r\\n",
                "9110 §7.8: a 101 to another protocol        | HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: other\\r\\n\\r\\n",
                "9112 §4: no status line                     | <html>hello</html>\\r\\n\\r\\n",
                "9112 §6.3: two lengths                      | HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\nContent-Length: 1\\r\\n\\r\\na",
                "9110 §5.5: NUL                              | HTTP/1.1 200 OK\\r\\nX: \\0\\r\\n\\r\\n",
                "9112 §8: an end before the head is complete | HTTP/1.1 101 Switching",
            })
    void aWrongAnswerIsABadGateway(String clause, String answer) {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT);
            Wire behind = app.accept();
            behind.readHead();
            behind.send(unescape(answer)).finish();

            assertThat(client.readAll()).startsWith("HTTP/1.1 502 ");
        }
    }

    @Test
    void a101WithAWrongAcceptIsABadGateway() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(
                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: " + KEY + "\r\n\r\n");
            Wire behind = app.accept();
            behind.readHead();
            behind.send(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 502 ");
            assertThat(behind.ending()).isIn("end", "reset");
        }
    }

    @Test
    void anAppThatIsNotThereIsABadGateway() {
        int port;
        try (App gone = new App()) {
            port = gone.port();
        }
        try (Culvert culvert = Culvert.start(port)) {
            try (Wire client = Wire.connect(culvert.port())) {
                client.send(CHAT);
                assertThat(client.readAll()).startsWith("HTTP/1.1 502 ");
            }
            try (Wire client = Wire.connect(culvert.port())) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                assertThat(client.readAll()).startsWith("HTTP/1.1 502 ").contains("upstream_refused");
            }
        }
    }

    @Test
    void anAppThatDoesNotAnswerTheHandshakeIsAGatewayTimeout() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "upstream.handshake-timeout=200ms");
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT);
            Wire behind = app.accept();
            behind.readHead();

            assertThat(client.readAll()).startsWith("HTTP/1.1 504 ");
        }
    }

    @Test
    void aClientThatLeavesDuringTheHandshakeTakesTheAppsConnectionAlong() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "limits.tunnels=1");
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT);
            Wire behind = app.accept();
            behind.readHead();
            client.reset();

            assertThat(behind.ending()).isIn("end", "reset");
        }
    }
}
