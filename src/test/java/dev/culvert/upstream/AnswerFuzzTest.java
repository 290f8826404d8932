package dev.culvert.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.culvert.RefusedException;
import dev.culvert.handshake.UpstreamAnswer;
import dev.culvert.wire.Message;
import dev.culvert.wire.Mutations;
import dev.culvert.wire.StrictReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
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

/** Mutated answers to an upgrade against the real decoder, in memory, beside a reader that shares no code with it. */
class AnswerFuzzTest {
    private static final int INPUTS = Mutations.INPUTS * 3 / 10;
    private static final Duration HANG = Duration.ofSeconds(5);

    @Test
    void whateverIsAcceptedAStrictReaderReadsInTheSameWay() {
        Mutations mutations = new Mutations(Mutations.answers(), Mutations.SEED);
        for (int i = 0; i < INPUTS; i++) {
            int number = i;
            assertThatCode(() -> holds(mutations, number))
                    .as(() -> mutations.describe(number))
                    .doesNotThrowAnyException();
        }
    }

    private static void holds(Mutations mutations, int number) {
        long start = System.nanoTime();
        List<Object> made = new ArrayList<>();
        AnswerDecoder decoder = new AnswerDecoder(HttpMethod.GET, made::add);
        List<ByteBuf> pieces = new ArrayList<>();
        for (byte[] piece : mutations.pieces(number)) {
            ByteBuf bytes = Unpooled.copiedBuffer(piece);
            pieces.add(bytes);
            decoder.read(bytes);
        }
        decoder.end();
        decoder.rest().release();
        List<String> answers = answers(made);

        assertThat(pieces).allSatisfy(piece -> assertThat(piece.refCnt()).isZero());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(HANG);
        assertThat(answers).isEqualTo(strictly(mutations.input(number), answers.size()));
    }

    /** The whole answers up to the final one, as the exchange would take them. */
    private static List<String> answers(List<Object> made) {
        List<String> answers = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        int status = 0;
        boolean over = false;
        for (Object message : made) {
            over |= message instanceof RefusedException;
            if (!over && message instanceof HttpResponse head) {
                status = head.status().code();
                body.setLength(0);
                UpstreamAnswer.passedOn(head, HttpMethod.GET, false);
            }
            if (!over && message instanceof HttpContent content) {
                body.append(content.content().toString(StandardCharsets.ISO_8859_1));
            }
            if (!over && message instanceof LastHttpContent) {
                answers.add(status + " " + body);
                over = status == 101 || status >= 200;
            }
            ReferenceCountUtil.release(message);
        }
        return answers;
    }

    private static List<String> strictly(byte[] input, int most) {
        StrictReader reader = new StrictReader(new ByteArrayInputStream(input));
        List<String> answers = new ArrayList<>();
        try {
            Optional<Message> answer = reader.answer(false);
            while (answers.size() < most && answer.isPresent()) {
                answers.add(answer.get().status() + " " + answer.get().body());
                answer = reader.answer(false);
            }
        } catch (IOException e) {
            return answers; // the rest is none
        }
        return answers;
    }
}
