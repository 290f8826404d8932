package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients and apps that do what they should not, or leave in the wrong moment. */
class HostilityJourney {
    private static final int MEGABYTE = 1 << 20;

    /** Sends pieces until the peer is gone, counting what was taken. */
    static CompletableFuture<Void> flood(Wire wire, byte[] piece, AtomicLong sent) {
        return Background.run(() -> {
            try {
                while (sent.get() < 256L * MEGABYTE) {
                    wire.send(piece);
                    sent.addAndGet(piece.length);
                }
            } catch (UncheckedIOException e) {
                assertThat(e).hasCauseInstanceOf(SocketException.class);
            }
        });
    }

    @Test
    @Tag("wire:3.early")
    void earlyBytesAreHeldWithinABound() {
        AtomicLong sent = new AtomicLong();
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT);
            Wire behind = app.accept();
            behind.readHead();
            CompletableFuture<Void> flood = flood(client, new byte[64 << 10], sent);

            assertThat(Await.settled("the bytes sent", sent::get)).isLessThan(32L * MEGABYTE);
            client.reset();
            flood.join();
        }
    }

    @Test
    void requestsBehindOneThatIsNotAnsweredAreHeldWithinABound() {
        AtomicLong sent = new AtomicLong();
        byte[] request = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n");
            app.accept().readHead();
            CompletableFuture<Void> flood = flood(client, request, sent);

            assertThat(Await.settled("the bytes sent", sent::get)).isLessThan(32L * MEGABYTE);
            client.reset();
            flood.join();
        }
    }

    @Test
    void anHttp10ClientsAnswerOfUnknownLengthEndsWithTheConnectionWhateverItWished() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
            Wire behind = app.accept();
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\n\r\nabc").finish();

            assertThat(client.readAll()).endsWith("\r\n\r\nabc");
        }
    }

    @Test
    void anHttp10ClientSeesThatAStreamWasCut() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
            Wire behind = app.accept();
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            client.readHead();
            client.read(3);
            behind.close();

            assertThat(client.ending()).isEqualTo("reset");
        }
    }

    /** Connection is a list of tokens: RFC 9110 §7.6.1. Whoever reads it has to read the same in it. */
    @Test
    void aConnectionWhoseOptionsCanBeReadInTwoWaysIsNotKeptForEver() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "limits.idle-timeout=300ms");
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: \"a, close, b\"\r\n\r\n");
            Wire behind = app.accept();
            behind.readHead();
            behind.send("HTTP/1.1 204 No Content\r\n\r\n");
            client.readHead();

            assertThat(client.ending()).isEqualTo("end");
        }
    }

    @Test
    void theHeadOfAPlainRequestReachesTheAppBeforeItsBody() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n");

            assertThat(app.accept().readHead()).startsWith("POST /upload");
        }
    }

    @Test
    void anEarlyAnswerToAPlainRequestEndsTheExchangeOnBothSides() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
            Wire behind = app.accept();
            behind.readHead();
            behind.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 413 ");
            assertThat(behind.ending()).isIn("end", "reset");
        }
    }

    @Test
    void aPlainBodyThatCannotBeReadIsRefusedAndNeverLooksWholeToTheApp() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            Wire behind = app.accept();
            behind.readHead();
            client.send("nonsense\r\n");

            assertThat(client.readAll()).startsWith("HTTP/1.1 400 ");
            assertThat(behind.ending()).isIn("end", "reset");
        }
    }

    @Test
    void aPlainBodyThatCannotBeReadEndsAnAnswerThatHasBegun() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            Wire behind = app.accept();
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            client.send("nonsense\r\n");

            assertThat(client.ending()).isIn("end", "reset");
            assertThat(behind.ending()).isIn("end", "reset");
        }
    }

    @Test
    void anUpgradesBodyThatCannotBeReadIsRefusedOnce() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT.replace("GET", "POST").replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n")
                    + "5\r\nhello\r\nnonsense\r\n");
            Wire behind = app.accept();
            behind.readHead();

            assertThat(client.readAll()).startsWith("HTTP/1.1 400 ");
            assertThat(behind.ending()).isIn("end", "reset");
            Await.until("the refusal is logged", () -> refusals(culvert) > 0);
            assertThat(Await.settled("the log", () -> refusals(culvert))).isEqualTo(1);
        }
    }

    private static long refusals(Culvert culvert) {
        return culvert.log().stream()
                .filter(line -> line.contains("request.refused"))
                .count();
    }
}
