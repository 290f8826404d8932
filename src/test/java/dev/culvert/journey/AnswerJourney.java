package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.CHAT_101;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The app's answers to an upgrade, wire rules §4, and bodies on the way to it, §3. One Culvert serves every row. */
class AnswerJourney {
    private static final App APP = new App();
    private static Culvert culvert;

    @BeforeAll
    static void start() {
        culvert = Culvert.start(APP.port());
    }

    @AfterAll
    static void stop() {
        culvert.close();
        APP.close();
    }

    private static String exchange(String request, String answer) {
        try (Wire client = Wire.connect(culvert.port())) {
            client.send(request);
            try (Wire behind = APP.accept()) {
                behind.readHead();
                behind.send(answer).finish();
                return client.readAll();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "200 OK                    | Content-Type: text/html",
                "301 Moved Permanently     | Location: /elsewhere",
                "401 Who Are You           | WWW-Authenticate: Basic realm=\"x\"",
                "403 Forbidden             | X-Reason: no",
                "404 Not Found             | Set-Cookie: a=1",
                "426 Upgrade Required      | Sec-WebSocket-Version: 13, 8",
                "500 Internal Server Error | X: y",
                "503 Busy                  | Retry-After: 7",
            })
    void anyOtherAnswerIsPassedOnWholeInEachFraming(String status, String field) {
        String head = "HTTP/1.1 " + status + "\r\n" + field + "\r\n";
        String passed = head + "%sConnection: close\r\n\r\n";

        assertThat(exchange(CHAT, head + "Content-Length: 4\r\n\r\nbody"))
                .isEqualTo(passed.formatted("Content-Length: 4\r\n") + "body");
        assertThat(exchange(CHAT, head + "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"))
                .isEqualTo(passed.formatted("Transfer-Encoding: chunked\r\n") + "4\r\nbody\r\n0\r\n\r\n");
        assertThat(exchange(CHAT, head + "\r\nbody")).isEqualTo(passed.formatted("") + "body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void anAnswerWithoutABodyEndsAtItsHead(String status) {
        assertThat(exchange(CHAT, "HTTP/1.1 " + status + "\r\nETag: \"1\"\r\n\r\n"))
                .isEqualTo("HTTP/1.1 " + status + "\r\nETag: \"1\"\r\nConnection: close\r\n\r\n");
    }

    @Test
    void theAnswerToHeadHasNoBodyWhateverItsFieldsSay() {
        assertThat(exchange(CHAT.replace("GET", "HEAD"), "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"))
                .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n");
    }

    @Test
    void theFieldsAndTheReasonOfA101ArePassedOn() {
        assertThat(exchange(
                        CHAT,
                        "HTTP/1.1 101 Web Socket Protocol Handshake\r\nX-B: 2\r\nx-a: 1\r\nX-B: 3\r\nKeep-Alive: 5\r\n"
                                + "Connection: upgrade, x-hop\r\nX-Hop: 1\r\nUPGRADE: ChatProto\r\n\r\n"))
                .isEqualTo("HTTP/1.1 101 Web Socket Protocol Handshake\r\nX-B: 2\r\nx-a: 1\r\nX-B: 3\r\n"
                        + "Connection: Upgrade\r\nUpgrade: ChatProto\r\n\r\n");
    }

    @Test
    void aContentLengthThatIsNotReachedEndsTheConnectionShort() {
        assertThat(exchange(CHAT, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"))
                .endsWith("\r\n\r\nshort");
    }

    @Test
    void anAnswerUntilTheCloseThatIsResetIsResetForTheClientToo() {
        try (Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT);
            try (Wire behind = APP.accept()) {
                behind.readHead();
                behind.send("HTTP/1.1 200 OK\r\n\r\nhalf of ");
                client.readHead();
                client.read(8);
                behind.reset();

                assertThat(client.ending()).isEqualTo("reset");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 0", "POST, 29", "PUT, 29", "POST, 10485760"})
    void aBodyOfAnySizeIsForwardedWholeBeforeTheSwitch(String method, int size) {
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);
        try (Wire client = Wire.connect(culvert.port())) {
            CompletableFuture<Void> upload = CompletableFuture.runAsync(() -> client.send(
                            CHAT.replace("GET", method).replace("\r\n\r\n", "\r\nContent-Length: " + size + "\r\n\r\n"))
                    .send(body)
                    .send("early"));
            try (Wire behind = APP.accept()) {
                assertThat(behind.readHead()).contains("\r\nContent-Length: " + size + "\r\n");
                assertThat(Arrays.equals(behind.readBytes(size), body)).isTrue();
                upload.join();
                behind.send(CHAT_101);
                assertThat(client.readHead()).isEqualTo(CHAT_101);
                assertThat(behind.read(5)).isEqualTo("early");
            }
        }
    }

    @Test
    void expectContinueIsTheAppsToAnswer() {
        try (Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT.replace("GET", "POST")
                    .replace("\r\n\r\n", "\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
            try (Wire behind = APP.accept()) {
                assertThat(behind.readHead()).contains("\r\nExpect: 100-continue\r\n");
                behind.send("HTTP/1.1 100 Continue\r\n\r\n");
                assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
                client.send("ok");
                assertThat(behind.read(2)).isEqualTo("ok");
                behind.send(CHAT_101);
                assertThat(client.readHead()).isEqualTo(CHAT_101);
            }
        }
    }

    @Test
    void aBodyThatCannotBeReadEndsTheAppsConnection() {
        try (Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT.replace("GET", "POST").replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n")
                    + "5\r\nhello\r\nnonsense\r\n");
            try (Wire behind = APP.accept()) {
                behind.readHead();

                assertThat(client.readAll()).startsWith("HTTP/1.1 400 ");
                assertThat(behind.ending()).isIn("end", "reset");
            }
        }
    }
}
