package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that ask for no upgrade, as streams. Their fields, targets and bodies are rows of {@code wire/plain.txt}. */
class PlainJourney {
    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(
                    "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /3");
            Wire behind = app.accept();
            assertThat(behind.readHead()).startsWith("GET /1 ");
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
            assertThat(behind.readHead()).startsWith("GET /2 ");
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");

            assertThat(client.readAll())
                    .containsSubsequence("\r\n\r\n1HTTP/1.1 200 OK", "\r\n\r\n2")
                    .endsWith("2");
        }
    }

    @Test
    void aStreamOfUnknownLengthReachesAnHttp10ClientAsItComes() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET /events HTTP/1.0\r\nHost: a\r\n\r\n");
            Wire behind = app.accept();
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nevent1\r\n");

            assertThat(client.readHead()).contains(" 200 OK\r\n").doesNotContainIgnoringCase("transfer-encoding");
            assertThat(client.read(6)).isEqualTo("event1");
            behind.send("6\r\nevent2\r\n0\r\n\r\n");
            assertThat(client.readAll()).isEqualTo("event2");
        }
    }

    @Test
    void aTruncatedAnswerNeverLooksWhole() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Wire behind = app.accept();
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            client.readHead();
            client.read(10);
            behind.close();

            assertThat(client.ending()).isIn("end", "reset");
        }
    }

    /** RFC 9112 §4, RFC 9110 §5.5: what a client could not read, or read in two ways. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 O\u000fK\r\n",
                "HTTP/1.1 200 O\u007fK\r\n",
                "HTTP/1.1 200 O\rK\r\n",
                "HTTP/1.1 99 OK\r\n",
                "HTTP/1.1 200 OK\r\nX: \u0000\r\n",
                "HTTP/1.1 200 OK\r\nX: \u0001\r\n",
                "HTTP/1.1 200 OK\r\nX: \u007f\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\nTransfer-Encoding: chunked\r\n"
            })
    void anAnswerThatIsNotCleanIsABadGateway(String head) {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            Wire behind = app.accept();
            behind.readHead();

            behind.send(head + "Content-Length: 0\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 502 ");
        }
    }

    @Test
    void anIdempotentRequestWaitsForAnAppThatBoots() {
        int port;
        try (App app = new App()) {
            port = app.port();
        }
        try (Culvert culvert = Culvert.start(port, "upstream.connect-retry=1m");
                Wire get = Wire.connect(culvert.port());
                Wire post = Wire.connect(culvert.port())) {
            get.send("GET /late HTTP/1.1\r\nHost: d\r\n\r\n");
            post.send("POST /late HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n");

            assertThat(post.readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(get.isSilent()).isTrue();
            try (App app = App.on(port)) {
                Wire behind = app.accept();
                assertThat(behind.readHead()).startsWith("GET /late HTTP/1.1\r\n");
                behind.send("HTTP/1.1 204 No Content\r\n\r\n");
                assertThat(get.readHead()).startsWith("HTTP/1.1 204 ");
            }
        }
    }
}
