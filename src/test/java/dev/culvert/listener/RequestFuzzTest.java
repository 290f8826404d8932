package dev.culvert.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.culvert.RefusedException;
import dev.culvert.config.TestSettings;
import dev.culvert.guard.RequestGuard;
import dev.culvert.wire.Message;
import dev.culvert.wire.Mutations;
import dev.culvert.wire.StrictReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Mutated requests against the real decoder and the real guard, in memory: the bulk of the fuzzing. The oracle is a reader
 * that shares no code with them. The smaller share, over sockets, is in {@code FuzzJourney}.
 */
class RequestFuzzTest {
    private static final int INPUTS = Mutations.INPUTS * 6 / 10;
    private static final Duration HANG = Duration.ofSeconds(5);
    private static final RequestBounds BOUNDS = RequestBounds.of(TestSettings.of());

    /** Takes what the decoder gives, and asks for the next request as the route would. */
    private static final class Asker implements RequestDecoder.Taker {
        final RequestDecoder decoder = new RequestDecoder(new EmbeddedChannel().eventLoop(), BOUNDS, this);
        final List<Message> requests = new ArrayList<>();
        final StringBuilder body = new StringBuilder();
        String startLine = "";
        List<String> fields = List.of();
        boolean refused;

        @Override
        public void came(Object message) {
            try {
                take(message);
            } catch (RefusedException e) {
                refuse();
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void reading(boolean on) {}

        @Override
        public void idle() {}

        private void take(Object message) {
            if (refused) {
                return; // the end of a request that the guard refused comes along with its head
            }
            if (message instanceof RefusedException) {
                refused = true;
            } else if (message instanceof HttpRequest request) {
                startLine = request.method() + " " + request.uri() + " " + request.protocolVersion();
                body.setLength(0);
                fields = request.headers().entries().stream()
                        .map(field -> field.getKey() + ": " + field.getValue())
                        .toList();
                RequestGuard.check(request);
            } else if (message instanceof HttpContent content) {
                content(content);
            }
        }

        private void content(HttpContent content) {
            if (!content.decoderResult().isSuccess()) {
                refuse();
                return;
            }
            body.append(content.content().toString(StandardCharsets.ISO_8859_1));
            if (content instanceof LastHttpContent) {
                requests.add(new Message(startLine, fields, body.toString()));
                decoder.next();
            }
        }

        private void refuse() {
            refused = true;
            decoder.discard();
        }
    }

    @Test
    void whateverIsAcceptedAStrictReaderReadsInTheSameWay() {
        Mutations mutations = new Mutations(Mutations.requests(), Mutations.SEED);
        for (int i = 0; i < INPUTS; i++) {
            int number = i;
            assertThatCode(() -> holds(mutations.input(number), mutations.pieces(number)))
                    .as(() -> mutations.describe(number))
                    .doesNotThrowAnyException();
        }
    }

    /** The property: no fault, no hang, no buffer lost, and what is accepted is what the other reader reads. */
    static void holds(byte[] input, List<byte[]> cut) {
        long start = System.nanoTime();
        Asker taker = new Asker();
        List<ByteBuf> pieces = new ArrayList<>();
        for (byte[] piece : cut) {
            ByteBuf bytes = Unpooled.copiedBuffer(piece);
            pieces.add(bytes);
            taker.decoder.read(bytes);
        }
        taker.decoder.discard();

        assertThat(pieces).allSatisfy(piece -> assertThat(piece.refCnt()).isZero());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(HANG);
        List<Message> strictly = strictly(input, taker.requests.size());
        assertThat(summary(taker.requests)).isEqualTo(summary(strictly));
    }

    private static List<String> summary(List<Message> requests) {
        return requests.stream()
                .map(request -> request.startLine() + " "
                        + request.fields().stream()
                                .map(RequestFuzzTest::trimmed)
                                .toList() + " " + request.body())
                .toList();
    }

    /** RFC 9112 §5.1: blanks and tabs around a value are no part of it. */
    private static String trimmed(String line) {
        int colon = line.indexOf(':');
        return line.substring(0, colon) + ": " + line.substring(colon + 1).replaceAll("^[ \t]+|[ \t]+$", "");
    }

    /** So many requests at most, up to the first that is none. */
    private static List<Message> strictly(byte[] input, int most) {
        StrictReader reader = new StrictReader(new ByteArrayInputStream(input));
        List<Message> requests = new ArrayList<>();
        try {
            Optional<Message> request = reader.request();
            while (requests.size() < most && request.isPresent()) {
                requests.add(request.get());
                request = reader.request();
            }
        } catch (IOException e) {
            return requests; // the rest is none
        }
        return requests;
    }
}
