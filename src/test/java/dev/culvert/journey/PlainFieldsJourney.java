package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields of plain requests and their answers, wire rules §5: byte for byte, but for what ends at this hop. */
class PlainFieldsJourney {
    private static final String DATE = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /?q HTTP/1.1\r\nx-B: 1\r\nhost: a\r\nX-a: 2\r\nx-b: 3\r\nCookie: a=1\r\ncookie: b=2\r\nEmpty:\r\n\r\n",
                "POST / HTTP/1.1\r\nX-First: 1\r\ncontent-length: 0\r\nHost: a\r\nX-Last: 2\r\n\r\n",
                "PROPFIND /%C3%A4 HTTP/1.1\r\nHost: a\r\nDepth: 0\r\n\r\n",
                "X!#$%&'*+-.^_`|~9 / HTTP/1.1\r\nHost: a\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: a\r\nMax-Forwards: 1\r\n\r\n",
                "GET /chat HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: none\r\n\r\n",
            })
    void aRequestsFieldsKeepOrderRepetitionAndLetterCase(String request) {
        try (Hop hop = new Hop()) {
            assertThat(hop.ask(request).readHead()).isEqualTo(request.replace("Empty:\r", "Empty: \r"));
        }
    }

    @Test
    void theLengthOfARequestKeepsItsPlace() {
        String head = "PUT / HTTP/1.1\r\nX-First: 1\r\nContent-length: 00002\r\nHost: a\r\nX-Last: 2\r\n\r\n";
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask(head + "ok");

            assertThat(behind.readHead()).isEqualTo(head);
            assertThat(behind.read(2)).isEqualTo("ok");
        }
    }

    @Test
    void aChunkedRequestKeepsItsFieldsAndItsFraming() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("POST / HTTP/1.1\r\nX-B: 1\r\nTransfer-Encoding: Chunked\r\nHost: a\r\nX-A: 2\r\n\r\n"
                    + "5;ext=1\r\nhello\r\n0\r\n\r\n");

            assertThat(behind.readHead())
                    .isEqualTo("POST / HTTP/1.1\r\nX-B: 1\r\nHost: a\r\nX-A: 2\r\ntransfer-encoding: chunked\r\n\r\n");
            assertThat(behind.read(15)).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
        }
    }

    @Test
    void whatARequestSaysToThisHopEndsHere() {
        try (Hop hop = new Hop()) {
            Wire behind =
                    hop.ask("GET / HTTP/1.1\r\nHost: a\r\nX-1: 1\r\nUpgrade: chatproto\r\nKeep-Alive: timeout=5\r\n"
                            + "Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic eDp5\r\nProxy-Authenticate: Basic\r\n"
                            + "X-Mine: 1\r\nX-2: 2\r\nconnection: x-mine, cookie, keep-alive\r\nCookie: a=1\r\n"
                            + "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n");

            assertThat(behind.readHead())
                    .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nX-1: 1\r\nX-2: 2\r\nCookie: a=1\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 Fine\r\nx-B: 1\r\n" + DATE
                        + "set-cookie: a\r\nX-a: 2\r\nSet-Cookie: b\r\ncontent-length: 0\r\nx-b: 3\r\n\r\n",
                "HTTP/1.1 299 \r\n" + DATE + "X-Last: 1\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n" + DATE + "ETag: \"1\"\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\n" + DATE + "ETag: \"1\"\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n" + DATE + "\r\n",
                "HTTP/1.1 200 OK\r\nWarning: 110 - \"stale\" \"Sun, 06 Nov 1994 08:49:36 GMT\"\r\n" + DATE
                        + "Content-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nExpires: 0\r\n" + DATE + "Cache-Control: public\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nDate: 784111777\r\nContent-Length: 0\r\n\r\n",
            })
    void anAnswersFieldsKeepOrderRepetitionAndLetterCase(String answer) {
        try (Hop hop = new Hop()) {
            assertThat(hop.answerHead(answer)).isEqualTo(answer);
        }
    }

    @Test
    void anAnswerWithoutADateGetsOneBehindItsFields() {
        try (Hop hop = new Hop()) {
            assertThat(hop.answerHead("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: 1\r\n\r\n"))
                    .matches(
                            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: 1\r\n"
                                    + "Date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT\r\n\r\n");
        }
    }

    @Test
    void whatAnAnswerSaysToThisHopEndsHere() {
        try (Hop hop = new Hop()) {
            assertThat(hop.answerHead("HTTP/1.1 200 OK\r\n" + DATE
                            + "Connection: x-hop, set-cookie\r\nX-Hop: 1\r\nX-End: 2\r\nUpgrade: h2c\r\n"
                            + "Keep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\nProxy-Connection: close\r\n"
                            + "Set-Cookie: a\r\nContent-Length: 0\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 200 OK\r\n" + DATE + "X-End: 2\r\nSet-Cookie: a\r\nContent-Length: 0\r\n\r\n");
        }
    }

    @Test
    void aPlainAnswerThatRequiresAnUpgradeNamesIt() {
        String answer = "HTTP/1.1 426 Upgrade Required\r\n" + DATE
                + "Content-Length: 0\r\nUpgrade: chatproto\r\nConnection: Upgrade\r\n\r\n";
        try (Hop hop = new Hop()) {
            assertThat(hop.answerHead(answer)).contains("\r\nUpgrade: chatproto\r\n", "\r\nConnection: Upgrade\r\n");
        }
    }

    @Test
    void anAnswerOfUnknownLengthComesInChunks() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\n" + DATE + "X: 1\r\n\r\nbody").finish();

            assertThat(hop.client().readAll())
                    .isEqualTo("HTTP/1.1 200 OK\r\n" + DATE + "X: 1\r\ntransfer-encoding: chunked\r\n"
                            + "connection: close\r\n\r\n4\r\nbody\r\n0\r\n\r\n");
        }
    }

    @Test
    void theAnswerToHeadKeepsItsLengthAndHasNoBody() {
        String answer = "HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 1000\r\n\r\n";
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            behind.readHead();
            behind.send(answer);

            assertThat(hop.client().readHead()).isEqualTo(answer);
            hop.client().send("HEAD /next HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(behind.readHead()).startsWith("HEAD /next ");
        }
    }
}
