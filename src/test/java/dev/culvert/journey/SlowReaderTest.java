package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.CHAT_101;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A client that sent an upgrade, or what is none, behind plain requests whose answers it has not taken yet, when the socket leaves
 * its channel. What waits for it is asked of the process, so it runs in the test's own.
 */
class SlowReaderTest {
    private static final int RECEIVE_BUFFER = 4 << 10;
    private static final String GET = "GET /a HTTP/1.1\r\nHost: e\r\n\r\n";
    private static final String TWO_HOSTS = "GET / HTTP/1.1\r\nHost: e\r\nHost: f\r\n\r\n";

    /** Bytes of the first answer that wait in Culvert, so that it still takes a second one, and is full with that. */
    private static final int WAITING = 26_000;

    private static void chunk(Wire app, int size) throws InterruptedException {
        app.send(Integer.toHexString(size) + "\r\n" + "x".repeat(size) + "\r\n");
        Thread.sleep(5);
    }

    /** As much as the kernel takes for the client, and then {@link #WAITING}. */
    private static int answerMore(Wire app, Culvert culvert, int piece) throws InterruptedException {
        app.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        Thread.sleep(50);
        long before = culvert.memory();
        int sent = 0;
        while (culvert.memory() < before + WAITING / 4 && sent < 32 << 20) {
            chunk(app, piece);
            sent += piece;
        }
        while (culvert.memory() < before + WAITING && sent < 32 << 20) {
            chunk(app, 1_500);
            sent += 1_500;
        }
        app.send("0\r\n\r\n");
        return sent;
    }

    @ParameterizedTest
    @CsvSource({"true, 9000", "true, 10600", "false, 9000", "false, 10600"})
    void eachByteComesOnce(boolean upgrade, int piece) throws Exception {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "listen.event-loops=1");
                Wire client = Wire.connect(culvert.port(), RECEIVE_BUFFER)) {
            client.send(GET + GET + (upgrade ? CHAT : TWO_HOSTS));
            Wire plain = app.accept();
            plain.readHead();
            int length = answerMore(plain, culvert, piece);
            plain.readHead();
            plain.send("HTTP/1.1 200 OK\r\nX-Big: [" + "y".repeat(12_000) + "]\r\nContent-Length: 0\r\n\r\n");
            if (upgrade) {
                Background.run(() -> {
                    Wire chat = app.accept();
                    chat.readHead();
                    chat.send(CHAT_101).finish();
                });
            }
            Thread.sleep(100);
            client.finish();
            String all = new String(client.readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(all.split("HTTP/1\\.1 ", -1)).hasSize(4);
            assertThat(all.chars().filter(c -> c == '[')).hasSize(1);
            assertThat(all.chars().filter(c -> c == 'y').count())
                    .isGreaterThanOrEqualTo(12_000)
                    .isLessThan(12_100);
            assertThat(all.chars().filter(c -> c == 'x').count())
                    .isGreaterThanOrEqualTo(length)
                    .isLessThan(length + 100);
            plain.close();
        }
    }

    @Test
    void theEndOfAnAnswerDoesNotWaitForTheNextOne() throws Exception {
        for (int round = 0; round < 6; round++) {
            int size = 3_000_000 + round * 777;
            try (App app = new App();
                    Culvert culvert = Culvert.start(app.port(), "listen.event-loops=1");
                    Wire client = Wire.connect(culvert.port(), RECEIVE_BUFFER)) {
                client.send(GET + CHAT);
                Wire plain = app.accept();
                plain.readHead();
                Background.run(() -> plain.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n")
                        .send("x".repeat(size)));
                client.readHead();
                Optional<Wire> chat = Optional.empty();
                int read = 0;
                while (chat.isEmpty() && read < size) {
                    int more = Math.min(20_000, size - read);
                    client.readBytes(more);
                    read += more;
                    chat = app.acceptWithin(3);
                }
                client.readBytes(size - read); // before the app has answered the upgrade

                Wire switching = chat.isPresent() ? chat.get() : app.accept();
                switching.readHead();
                switching.send(CHAT_101);
                assertThat(client.readHead()).isEqualTo(CHAT_101);
                switching.close();
                plain.close();
            }
        }
    }
}
