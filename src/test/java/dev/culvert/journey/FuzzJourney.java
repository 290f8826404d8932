package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.culvert.wire.Message;
import dev.culvert.wire.Mutations;
import dev.culvert.wire.StrictReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Mutated requests and mutated answers over sockets: always an answer or an end, never a hang, never half a message that
 * looks whole, no descriptor lost. Plain JUnit with inputs made by number: a failure names the seed and the input, which
 * then becomes a row of the corpus.
 */
class FuzzJourney {
    private static final int INPUTS = Math.max(1, Mutations.INPUTS / 20);
    private static final int HANG_MILLIS = 5_000;
    private static final int QUIET_MILLIS = 30;
    private static final int CHECK_EVERY = 100;
    private static final int SPARE_DESCRIPTORS = 8;

    private static final String FINE = "HTTP/1.1 200 ";
    private static final String PLAIN = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String CLEAN = "GET /clean HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    @Test
    void everyMutatedRequestGetsAnAnswerOrAnEnd() {
        Mutations mutations = new Mutations(Mutations.requests(), Mutations.SEED + 1);
        try (RecordingApp app = new RecordingApp();
                Culvert culvert = Culvert.start(app.port(), "limits.header-timeout=1s")) {
            fuzz(culvert, mutations, mutations::pieces);

            assertThat(app.malformed()).isEmpty();
        }
    }

    @Test
    void everyMutatedAnswerReachesTheClientWellFormedOrNotAtAll() {
        Mutations mutations = new Mutations(Mutations.answers(), Mutations.SEED + 2);
        AtomicReference<byte[]> answer = new AtomicReference<>();
        byte[] fine = RecordingApp.FINE.getBytes(StandardCharsets.ISO_8859_1);
        try (RecordingApp app =
                        new RecordingApp(request -> request.target().equals("/clean") ? fine : answer.get(), true);
                Culvert culvert = Culvert.start(app.port(), "upstream.handshake-timeout=1s", "tunnel.linger=100ms")) {
            fuzz(culvert, mutations, number -> {
                answer.set(mutations.input(number));
                return List.of((number % 3 == 0 ? PLAIN : UpgradeJourney.CHAT).getBytes(StandardCharsets.ISO_8859_1));
            });
        }
    }

    private static void fuzz(Culvert culvert, Mutations mutations, IntFunction<List<byte[]>> requests) {
        assertThat(clean(culvert)).startsWith(FINE);
        long descriptors = culvert.descriptors();
        for (int i = 0; i < INPUTS; i++) {
            int number = i;
            assertThatCode(() -> {
                        List<byte[]> request = requests.apply(number);
                        wellFormed(exchange(culvert, request), asksForUpgrade(request));
                        if (number % CHECK_EVERY == 0) {
                            assertThat(clean(culvert)).startsWith(FINE);
                        }
                    })
                    .as(() -> mutations.describe(number))
                    .doesNotThrowAnyException();
        }
        assertThat(clean(culvert)).startsWith(FINE);
        Await.until("the descriptors are given back", () -> culvert.descriptors() <= descriptors + SPARE_DESCRIPTORS);
        assertThat(culvert.log()).noneMatch(line -> line.contains("LEAK"));
    }

    /** All that comes back. The stream is ended on this side when there has been nothing to read for a moment. */
    private static String exchange(Culvert culvert, List<byte[]> pieces) throws IOException {
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        try (Wire client = Wire.connect(culvert.port())) {
            InputStream in = client.in();
            client.socket().setSoTimeout(QUIET_MILLIS);
            for (byte[] piece : pieces) {
                client.socket().getOutputStream().write(piece);
            }
            boolean open = true;
            while (open) {
                try {
                    int b = in.read();
                    open = b >= 0;
                    if (open) {
                        answers.write(b);
                    }
                } catch (SocketTimeoutException e) {
                    assertThat(client.socket().isOutputShutdown()).as("a hang").isFalse();
                    client.finish();
                    client.socket().setSoTimeout(HANG_MILLIS);
                }
            }
        } catch (SocketException e) {
            return text(answers); // a reset is an end too
        }
        return text(answers);
    }

    private static String clean(Culvert culvert) {
        try (Wire client = Wire.connect(culvert.port())) {
            return client.send(CLEAN).readAll();
        }
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** One answer after the other; the last one may be cut off, and behind a 101 there are the bytes of a tunnel. */
    private static void wellFormed(String answers, boolean upgrade) throws IOException {
        byte[] bytes = answers.getBytes(StandardCharsets.ISO_8859_1);
        StrictReader reader = new StrictReader(new ByteArrayInputStream(bytes));
        try {
            Optional<Message> answer = reader.answer(false);
            while (answer.isPresent() && answer.get().status() != 101) {
                answer = reader.answer(false);
            }
            if (answer.isPresent()) {
                assertThat(upgrade)
                        .as("a 101 to a request that asked for no upgrade")
                        .isTrue(); // RFC 9110 §7.8
            }
        } catch (EOFException cut) {
            assertThat(reader.inMessage()).isTrue();
        }
    }

    private static boolean asksForUpgrade(List<byte[]> pieces) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        pieces.forEach(request::writeBytes);
        return text(request).toLowerCase(Locale.ROOT).contains("upgrade");
    }
}
