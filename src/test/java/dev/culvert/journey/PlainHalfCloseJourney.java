package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Clients that end their stream behind a plain request, as {@code nc -N} does: they still read. */
class PlainHalfCloseJourney {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void aClientThatEndsItsStreamBehindItsRequestGetsTheAnswer() {
        try (Hop hop = new Hop()) {
            hop.client().send(GET).finish();
            Wire behind = hop.app().accept();
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            hop.client().readHead();
            assertThat(hop.client().read(5)).isEqualTo("hello");
            behind.send("world");

            assertThat(hop.client().readAll()).isEqualTo("world");
        }
    }

    @Test
    void anEndThatComesLaterDoesNotEndTheExchangeEither() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok");
            behind.readHead();
            behind.read(2);
            hop.client().finish();
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");

            assertThat(hop.client().readAll()).startsWith("HTTP/1.1 200 OK").endsWith("hello");
        }
    }

    @Test
    void everyRequestBeforeTheEndIsAnswered() {
        try (Hop hop = new Hop()) {
            hop.client().send(GET + GET.replace("/ ", "/2 ") + "GET /cut").finish();
            Wire behind = hop.app().accept();
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
            assertThat(behind.readHead()).startsWith("GET /2 ");
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");

            assertThat(hop.client().readAll())
                    .containsSubsequence("\r\n\r\n1HTTP/1.1 200 OK", "\r\n\r\n2")
                    .endsWith("2");
        }
    }

    @Test
    void anHttp10ClientThatEndsItsStreamGetsItsAnswer() {
        try (Hop hop = new Hop()) {
            hop.client().send("GET / HTTP/1.0\r\n\r\n").finish();
            Wire behind = hop.app().accept();
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\n\r\nhello").finish();

            assertThat(hop.client().readAll()).endsWith("\r\n\r\nhello");
        }
    }

    @Test
    void anEndBetweenRequestsClosesAtOnce() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask(GET);
            behind.readHead();
            behind.send("HTTP/1.1 204 No Content\r\n\r\n");
            hop.client().readHead();
            hop.client().finish();

            assertThat(hop.client().ending()).isEqualTo("end");
        }
    }

    /** Who has left for good looks the same until something is written to it. */
    @Test
    void anAppThatIsSilentToAnEndedClientIsGivenUpAfterTheLingerTime() {
        try (Hop hop = new Hop("tunnel.linger=200ms")) {
            Wire behind = hop.ask(GET);
            behind.readHead();
            hop.client().finish();

            assertThat(behind.ending()).isIn("end", "reset");
            assertThat(hop.client().ending()).isIn("end", "reset");
        }
    }

    @Test
    void aTunnelBehindThePlainRequestOfAnEndedClientLivesAsLongAsItCarriesBytes() {
        try (Hop hop = new Hop("tunnel.linger=300ms");
                Wire clock = hop.connect()) {
            hop.client().send(GET + UpgradeJourney.CHAT).finish();
            Wire behind = hop.app().accept();
            behind.readHead();
            behind.send("HTTP/1.1 204 No Content\r\n\r\n");
            hop.client().readHead();
            Wire tunnel = hop.app().accept();
            tunnel.readHead();
            tunnel.send(UpgradeJourney.CHAT_101);
            hop.client().readHead();

            clock.send(GET).finish();
            Wire silent = hop.app().accept();
            CompletableFuture<String> lingered = Background.supply(silent::ending);
            boolean last = false;
            while (!last) {
                last = lingered.isDone();
                tunnel.send("tick");
                assertThat(hop.client().read(4)).isEqualTo("tick");
            }
        }
    }

    @Test
    void aClientThatHasLeftIsNoticedByTheFirstBytesForIt() {
        try (Hop hop = new Hop("tunnel.linger=0")) {
            Wire behind = hop.ask(GET);
            behind.readHead();
            hop.client().close();
            behind.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");

            Await.until("the app's connection ends", () -> !behind.reaches("1\r\nx\r\n"));
        }
    }
}
