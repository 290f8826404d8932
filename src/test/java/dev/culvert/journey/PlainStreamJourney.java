package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies and connections of plain requests, wire rules §5: streamed with back-pressure, none held whole, none sent twice. */
class PlainStreamJourney {
    private static final long MEGABYTE = 1L << 20;
    private static final int POLLS = 200;
    private static final String UPLOAD =
            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + (256 * MEGABYTE) + "\r\n\r\n";

    @Test
    void anAppThatDoesNotReadStopsTheUpload() {
        AtomicLong sent = new AtomicLong();
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask(UPLOAD);
            behind.readHead();
            CompletableFuture<Void> flood = HostilityJourney.flood(hop.client(), new byte[64 << 10], sent);

            assertThat(Await.settled("the bytes sent", sent::get)).isLessThan(32 * MEGABYTE);
            hop.client().reset();
            flood.join();
        }
    }

    @Test
    void aClientThatLeavesAStoppedUploadTakesTheAppsConnectionAlong() {
        AtomicLong sent = new AtomicLong();
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask(UPLOAD);
            behind.readHead();
            CompletableFuture<Void> flood = HostilityJourney.flood(hop.client(), new byte[64 << 10], sent);
            Await.settled("the bytes sent", sent::get);
            hop.client().reset();
            flood.join();

            Await.until("the app's connection ends", () -> !behind.reaches("HTTP"));
        }
    }

    @Test
    void aClientThatDoesNotReadStopsTheDownload() {
        AtomicLong sent = new AtomicLong();
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: " + (256 * MEGABYTE) + "\r\n\r\n");
            CompletableFuture<Void> flood = HostilityJourney.flood(behind, new byte[64 << 10], sent);

            assertThat(Await.settled("the bytes sent", sent::get)).isLessThan(32 * MEGABYTE);
            hop.client().reset();
            flood.join();
        }
    }

    @Test
    void theHeadOfAStreamComesBeforeItsFirstEvent() {
        try (Hop hop = new Hop()) {
            assertThat(hop.answerHead("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"))
                    .contains("\r\nContent-Type: text/event-stream\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"})
    void anAnswerThatEndsShortEndsTheConnectionShort(String half) {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\n" + half).finish();

            assertThat(hop.client().readAll()).endsWith(half.substring(half.indexOf("\r\n\r\n") + 4));
        }
    }

    @Test
    void aRequestThatEndsShortNeverLooksWholeToTheApp() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
            behind.readHead();
            behind.read(4);
            hop.client().finish();

            assertThat(behind.ending()).isIn("end", "reset");
            assertThat(hop.client().ending()).isIn("end", "reset");
        }
    }

    @Test
    void longPollsDoNotWaitForOneAnother() {
        List<Wire> clients = new ArrayList<>();
        List<Wire> polls = new ArrayList<>();
        try (Hop hop = new Hop()) {
            for (int i = 0; i < POLLS; i++) {
                clients.add(hop.connect().send("GET /poll HTTP/1.1\r\nHost: a\r\n\r\n"));
            }
            for (int i = 0; i < POLLS; i++) {
                polls.add(hop.app().accept());
            }
            for (Wire poll : polls) {
                poll.readHead();
                poll.send("HTTP/1.1 204 No Content\r\n\r\n");
            }
            for (Wire client : clients) {
                assertThat(client.readHead()).startsWith("HTTP/1.1 204 ");
            }
        } finally {
            clients.forEach(Wire::close);
            polls.forEach(Wire::close);
        }
    }

    @Test
    void aConnectionToTheAppServesRequestsOfSeveralClients() {
        try (Hop hop = new Hop("listen.event-loops=1");
                Wire another = hop.connect()) {
            Wire behind = hop.ask("GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            hop.client().readAll();

            another.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(behind.readHead()).startsWith("GET /2 ").doesNotContainIgnoringCase("connection");
        }
    }

    /** One that the app is just closing, for all that we know: RFC 9112 §9.3.1, RFC 9110 §9.2.2. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE"})
    void anIdempotentRequestThatAKeptConnectionDoesNotAnswerIsSentAgainOnANewOne(String method) {
        try (Hop hop = new Hop()) {
            Wire kept = kept(hop);
            hop.client().send(method + " /2 HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n");
            String first = kept.readHead();
            kept.close();

            Wire anew = hop.app().accept();
            assertThat(anew.readHead()).isEqualTo(first.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"));
            anew.send("HTTP/1.1 204 No Content\r\n\r\n");
            assertThat(hop.client().readHead()).startsWith("HTTP/1.1 204 ");
        }
    }

    /** RFC 9110 §10.1.4: TE goes with its option, and the new connection has another. */
    @Test
    void itIsSentAgainWithoutTe() {
        try (Hop hop = new Hop()) {
            Wire kept = kept(hop);
            hop.client().send("GET /2 HTTP/1.1\r\nHost: a\r\nConnection: TE\r\nTE: trailers\r\n\r\n");
            assertThat(kept.readHead()).contains("\r\nTE: trailers\r\n").contains("\r\nConnection: TE\r\n");
            kept.close();

            assertThat(hop.app().accept().readHead())
                    .isEqualTo("GET /2 HTTP/1.1\r\nHost: a\r\nconnection: close\r\n\r\n");
        }
    }

    @Test
    void itIsSentAgainOnce() {
        try (Hop hop = new Hop()) {
            Wire kept = kept(hop);
            hop.client().send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            kept.readHead();
            kept.close();
            Wire anew = hop.app().accept();
            anew.readHead();
            anew.close();

            assertThat(hop.client().readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(hop.app().isLeftAlone()).isTrue();
        }
    }

    /** Whether the app took it or not: only the client knows what of the rest may be repeated. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
                "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok",
                "PUT /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok",
                "DELETE /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void aRequestThatIsNotIdempotentOrHasABodyIsNotSentAgain(String request) {
        try (Hop hop = new Hop()) {
            Wire kept = kept(hop);
            hop.client().send(request);
            kept.readHead();
            kept.close();

            assertThat(hop.client().readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(hop.app().isLeftAlone()).isTrue();
        }
    }

    /** Something came: the app has taken the request. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 200 OK\r\nX: "})
    void aRequestWhoseAnswerHasBegunIsNotSentAgain(String begun) {
        try (Hop hop = new Hop()) {
            Wire kept = kept(hop);
            hop.client().send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            kept.readHead();
            kept.send(begun).close();

            String head = hop.client().readHead();
            assertThat(begun.startsWith(head) ? hop.client().readHead() : head).startsWith("HTTP/1.1 502 ");
            assertThat(hop.app().isLeftAlone()).isTrue();
        }
    }

    @Test
    void aRequestOnANewConnectionIsNotSentAgain() {
        try (Hop hop = new Hop()) {
            Wire first = hop.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            first.readHead();
            first.close();

            assertThat(hop.client().readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(hop.app().isLeftAlone()).isTrue();
        }
    }

    /** The app's connection, once it has served a request. */
    private static Wire kept(Hop hop) {
        Wire behind = hop.ask("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
        behind.readHead();
        behind.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        hop.client().readHead();
        return behind;
    }

    @Test
    void anAppThatDoesNotAcceptInTimeIsAGatewayTimeout() {
        List<Wire> queue = new ArrayList<>();
        try (App app = App.withFullQueue(queue);
                Culvert culvert = Culvert.start(app.port(), "upstream.connect-timeout=300ms");
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readHead()).startsWith("HTTP/1.1 504 ");
        } finally {
            queue.forEach(Wire::close);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nX: \u0000\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n",
            })
    void whatIsNoAnswerIsABadGateway(String answer) {
        try (Hop hop = new Hop()) {
            assertThat(hop.answerHead(answer)).startsWith("HTTP/1.1 502 ");
        }
    }
}
