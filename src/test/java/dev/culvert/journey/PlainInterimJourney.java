package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Interim answers to plain requests, wire rules §5, RFC 9110 §15.2: passed on at once, any number. */
@Tag("wire:5.interim")
class PlainInterimJourney {
    private static final String EXPECTING =
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
    private static final String FINE =
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n";

    @Test
    void expectContinueIsTheAppsToAnswer() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask(EXPECTING);
            assertThat(behind.readHead()).isEqualTo(EXPECTING);
            behind.send("HTTP/1.1 100 Go On\r\n\r\n");
            assertThat(hop.client().readHead()).isEqualTo("HTTP/1.1 100 Go On\r\n\r\n");
            hop.client().send("body");
            assertThat(behind.read(4)).isEqualTo("body");
            behind.send(FINE);
            assertThat(hop.client().readHead()).isEqualTo(FINE);

            hop.client().send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(behind.readHead()).startsWith("GET /next ");
        }
    }

    @Test
    void anAppThatWantsNoBodySaysSoBeforeItIsSent() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask(EXPECTING);
            behind.readHead();
            behind.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");

            assertThat(hop.client().readAll()).startsWith("HTTP/1.1 417 ");
            assertThat(behind.ending()).isIn("end", "reset");
        }
    }

    @Test
    void everyInterimAnswerIsPassedOnWithItsFields() {
        String hints = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\nX: 1\r\nLink: </b.css>\r\n\r\n";
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            behind.readHead();
            behind.send("HTTP/1.1 102 Processing\r\n\r\n");
            assertThat(hop.client().readHead()).isEqualTo("HTTP/1.1 102 Processing\r\n\r\n");
            behind.send(hints + hints);
            assertThat(hop.client().readHead()).isEqualTo(hints);
            assertThat(hop.client().readHead()).isEqualTo(hints);
            behind.send("HTTP/1.1 199 Whatever\r\nConnection: x-hop\r\nX-Hop: 1\r\nX-End: 1\r\n\r\n" + FINE);
            assertThat(hop.client().readHead()).isEqualTo("HTTP/1.1 199 Whatever\r\nX-End: 1\r\n\r\n");
            assertThat(hop.client().readHead()).isEqualTo(FINE);

            hop.client().send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(behind.readHead()).startsWith("GET /next ");
        }
    }

    /** RFC 9112 §4. */
    @Test
    void anInterimAnswerWithAControlByteInItsReasonIsNoAnswer() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            behind.readHead();
            behind.send("HTTP/1.1 181 Switchin\0Upgrade\r\n\r\n" + FINE);

            assertThat(hop.client().readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(behind.ending()).isIn("end", "reset");
        }
    }

    /** RFC 9110 §15.2: a server MUST NOT send a 1xx to an HTTP/1.0 client; §10.1.1: it MUST ignore the expectation of one. */
    @Test
    void anHttp10ClientGetsTheFinalAnswerAlone() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask(EXPECTING.replace("HTTP/1.1", "HTTP/1.0") + "body");
            assertThat(behind.readHead()).doesNotContain("Expect");
            behind.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + FINE);

            assertThat(hop.client().readAll()).contains(" 200 OK\r\n").doesNotContain("103");
        }
    }

    @Test
    void aSwitchThatNobodyAskedForIsABadGatewayThoughOthersCameBefore() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            behind.readHead();
            behind.send("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");

            assertThat(hop.client().readHead()).isEqualTo("HTTP/1.1 102 Processing\r\n\r\n");
            assertThat(hop.client().readHead()).startsWith("HTTP/1.1 502 ");
            assertThat(behind.ending()).isIn("end", "reset");
        }
    }

    /** A client that waits for leave to send, and leaves instead. */
    @Test
    void aClientThatLeavesWhileItWaitsTakesTheAppsConnectionAlong() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask(EXPECTING);
            behind.readHead();
            hop.client().close();

            assertThat(behind.ending()).isIn("end", "reset");
        }
    }
}
