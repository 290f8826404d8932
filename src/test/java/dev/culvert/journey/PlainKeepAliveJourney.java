package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long connections to the app are kept for the next plain request. */
class PlainKeepAliveJourney {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Keep-Alive: timeout=1\r\n", "Keep-Alive: timeout=60, max=9\r\n", "Keep-Alive: timeout=0\r\n"
            })
    void aConnectionThatIsNotUsedAnyMoreIsClosed(String keepAlive) {
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask(GET);
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\n" + keepAlive + "Content-Length: 0\r\n\r\n");
            hop.client().readHead();

            assertThat(behind.ending()).isEqualTo("end");
            hop.ask(GET).send("HTTP/1.1 204 No Content\r\n\r\n");
            assertThat(hop.client().readHead()).startsWith("HTTP/1.1 204 ");
        }
    }

    @Test
    void oneWhoseAnswerIsUnderWayIsKeptWhenAYoungerOneIsClosed() {
        try (Hop hop = new Hop("listen.event-loops=1");
                Wire another = hop.connect()) {
            Wire busy = hop.ask(GET);
            busy.readHead();
            busy.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n1");
            hop.client().readHead();
            another.send(GET);
            Wire idle = hop.app().accept();
            idle.readHead();
            idle.send("HTTP/1.1 204 No Content\r\n\r\n");
            another.readHead();

            assertThat(idle.ending()).isEqualTo("end");

            busy.send("2");
            assertThat(hop.client().read(2)).isEqualTo("12");
        }
    }
}
