package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields behind a chunked body, RFC 9110 §6.5: passed on both ways, but for those that must not stand there. */
class PlainTrailersJourney {
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\nTrailer: X-Sum, X-More\r\n\r\n";
    private static final String TRAILERS = "x-sum: 1\r\nX-More: 2\r\nX-Sum: 3\r\n";

    /** What RFC 9110 §6.5.1 bars (framing, routing, authentication, modifiers), and who the client is. */
    private static final String BARRED = "Content-Length: 3\r\nHost: evil\r\nAuthorization: Basic eDp5\r\nCookie: a\r\n"
            + "Connection: close\r\nX-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Mine: 1\r\nContent-Type: a/b\r\n"
            + "Set-Cookie: a\r\nTE: trailers\r\nUpgrade: x\r\nCache-Control: no-store\r\n";

    @ParameterizedTest
    @ValueSource(strings = {"", "5\r\nhello\r\n"})
    void theTrailersOfARequestReachTheApp(String body) {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("POST / HTTP/1.1\r\nHost: a\r\n" + CHUNKED + body + "0\r\n" + TRAILERS + "\r\n");

            assertThat(behind.readHead()).contains("\r\nTrailer: X-Sum, X-More\r\n");
            assertThat(body + behind.readHead()).startsWith(body).endsWith("0\r\n" + TRAILERS + "\r\n");
        }
    }

    @Test
    void trailersThatComeLateReachTheAppAndTheNextRequestHasNone() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("POST / HTTP/1.1\r\nHost: a\r\n" + CHUNKED + "5\r\nhello\r\n");
            behind.readHead();
            assertThat(behind.read(10)).isEqualTo("5\r\nhello\r\n");
            hop.client().send("0\r\n" + TRAILERS + "\r\n");
            assertThat(behind.readHead()).isEqualTo("0\r\n" + TRAILERS + "\r\n");
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            hop.client().readHead();

            hop.client().send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
            behind.readHead();
            assertThat(behind.read(12)).isEqualTo("2\r\nok\r\n0\r\n\r\n");
        }
    }

    @Test
    void theTrailersOfAnAnswerReachTheClient() {
        try (Hop hop = new Hop()) {
            assertThat(hop.answerHead("HTTP/1.1 200 OK\r\n" + CHUNKED + "5\r\nhello\r\n0\r\n" + TRAILERS + "\r\n"))
                    .contains("\r\nTrailer: X-Sum, X-More\r\n");
            assertThat(hop.client().readHead()).isEqualTo("5\r\nhello\r\n0\r\n" + TRAILERS + "\r\n");
        }
    }

    @Test
    void barredFieldsEndHereInBothDirections() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("POST / HTTP/1.1\r\nHost: a\r\nConnection: x-mine\r\n" + CHUNKED + "2\r\nok\r\n0\r\n"
                    + BARRED + "X-Fine: 1\r\n\r\n");
            behind.readHead();
            assertThat(behind.readHead()).isEqualTo("2\r\nok\r\n0\r\nX-Fine: 1\r\n\r\n");
            behind.send("HTTP/1.1 200 OK\r\nConnection: x-mine\r\n" + CHUNKED + "2\r\nok\r\n0\r\n" + BARRED
                    + "X-Fine: 1\r\n\r\n");

            hop.client().readHead();
            assertThat(hop.client().readHead()).isEqualTo("2\r\nok\r\n0\r\nX-Fine: 1\r\n\r\n");
        }
    }

    /** RFC 9110 §10.1.4: an intermediary that says so speaks for its clients; TE itself is for one hop. */
    @Test
    void theAppIsToldThatTrailersAreWelcomeWhereTheClientSaysSo() {
        try (Hop hop = new Hop()) {
            Wire behind =
                    hop.ask("GET / HTTP/1.1\r\nTE: gzip;q=0.5, trailers\r\nHost: a\r\nConnection: TE\r\nX: 1\r\n\r\n");

            assertThat(behind.readHead())
                    .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nTE: trailers\r\nConnection: TE\r\n\r\n");
        }
    }

    @Test
    void anHttp10ClientGetsTheBodyAlone() {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\n" + CHUNKED + "5\r\nhello\r\n0\r\n" + TRAILERS + "\r\n");

            assertThat(hop.client().readAll()).endsWith("\r\n\r\nhello").doesNotContain("Trailer");
        }
    }
}
