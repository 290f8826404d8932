package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Requests that ask for no upgrade. */
class PlainJourney {
    private static final int MEGABYTES_10 = 10 << 20;

    @Test
    void aRequestKeepsItsHostAndTargetAndLosesWhatIsForThisHop() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "forwarded.mode=off");
                Wire client = Wire.connect(culvert.port())) {
            client.send(
                    "GET //a/../b%20c?d=%zz HTTP/1.1\r\nHost: example.org:80\r\nConnection: x-mine\r\nX-Mine: 1\r\nX-Yours: 2\r\n"
                            + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\nTE: trailers\r\n\r\n");
            Wire behind = app.accept();
            String head = behind.readHead();
            behind.send(
                    "HTTP/1.1 200 Fine\r\nContent-Length: 2\r\nConnection: x-hop\r\nX-Hop: 1\r\nX-End: 2\r\n\r\nok");

            assertThat(head)
                    .startsWith("GET //a/../b%20c?d=%zz HTTP/1.1\r\n")
                    .contains("example.org:80\r\n", "X-Yours: 2\r\n");
            assertThat(head).doesNotContainIgnoringCase("x-mine").doesNotContainIgnoringCase("h2c");
            assertThat(head).doesNotContainIgnoringCase("http2-settings");
            String answer = client.readHead();
            assertThat(answer)
                    .startsWith("HTTP/1.1 200 Fine\r\n")
                    .contains("X-End: 2\r\n")
                    .doesNotContainIgnoringCase("x-hop");
            assertThat(client.read(2)).isEqualTo("ok");
        }
    }

    @Test
    void anAbsoluteTargetWinsOverTheHost() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET http://real.example/path?q HTTP/1.1\r\nHost: other.example\r\n\r\n");
            Wire behind = app.accept();

            assertThat(behind.readHead())
                    .startsWith("GET /path?q HTTP/1.1\r\n")
                    .contains("real.example\r\n")
                    .doesNotContain("other.example");
        }
    }

    @Test
    void optionsOfTheServerAsAWholePasses() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(app.accept().readHead()).startsWith("OPTIONS * HTTP/1.1\r\n");
        }
    }

    @Test
    void tenMegabytesGoUpAndComeDown() {
        byte[] body = new byte[MEGABYTES_10];
        new Random(3).nextBytes(body);
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            CompletableFuture<Void> upload = CompletableFuture.runAsync(
                    () -> client.send("PUT /big HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n")
                            .send(body));
            Wire behind = app.accept();
            assertThat(behind.readHead()).startsWith("PUT /big HTTP/1.1\r\n");
            assertThat(behind.readBytes(body.length)).isEqualTo(body);
            upload.join();

            CompletableFuture<Void> download = CompletableFuture.runAsync(
                    () -> behind.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n")
                            .send(body));
            client.readHead();
            assertThat(client.readBytes(body.length)).isEqualTo(body);
            download.join();
        }
    }

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
    void anUpgradeMayFollowAPlainRequestOnTheSameConnection() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n" + UpgradeJourney.CHAT + "early");
            Wire first = app.accept();
            first.readHead();
            first.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
            Wire second = app.accept();
            second.readHead();
            second.send(UpgradeJourney.CHAT_101);

            assertThat(second.read(5)).isEqualTo("early");
            client.readHead();
            client.read(1);
            assertThat(client.readHead()).isEqualTo(UpgradeJourney.CHAT_101);
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

    @Test
    void theAppIsToldWhoTheClientIsAndAnUntrustedPeerIsNotBelieved() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\n\r\n");
            Wire behind = app.accept();

            assertThat(behind.readHead()).contains("127.0.0.1").doesNotContain("6.6.6.6");
        }
    }

    @Test
    void aTrustedProxysWordIsKeptAndExtended() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "forwarded.trusted-proxies=127.0.0.0/8");
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n\r\n");
            Wire behind = app.accept();

            assertThat(behind.readHead())
                    .contains("1.2.3.4, 127.0.0.1\r\n", "https\r\n")
                    .doesNotContain("Forwarded: for=");
        }
    }
}
