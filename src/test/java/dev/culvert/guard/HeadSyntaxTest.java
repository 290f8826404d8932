package dev.culvert.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes of a head: RFC 9112 §2.2, §3, §5. */
class HeadSyntaxTest {
    private static final String GOOD = "GET /a?b HTTP/1.1\r\nHost: a\r\nX: \tv\u00e9 \r\nY:\r\n\r\n";

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static HeadSyntax requests() {
        return HeadSyntax.ofRequests(1024, 10);
    }

    @Test
    void aHeadIsCompleteAtItsEmptyLineHoweverItIsCut() {
        for (int cut = 0; cut < GOOD.length(); cut++) {
            HeadSyntax syntax = requests();
            ByteBuf in = bytes(GOOD.substring(0, cut));

            assertThat(syntax.complete(in)).as("cut at %d", cut).isFalse();

            in.writeBytes(bytes(GOOD.substring(cut) + "behind"));
            assertThat(syntax.complete(in)).as("cut at %d", cut).isTrue();
            assertThat(in.readableBytes()).isEqualTo(GOOD.length() + 6);
        }
    }

    @Test
    void emptyLinesBeforeARequestAreConsumed() {
        ByteBuf in = bytes("\r\n\r\n" + GOOD);

        assertThat(requests().complete(in)).isTrue();
        assertThat(in.readableBytes()).isEqualTo(GOOD.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "\rGET",
                " GET / HTTP/1.1\r\n",
                "GET /\r\n",
                "GET / HTTP/1.1 \r\n",
                "GET / http/1.1\r\n",
                "GET / HTTP/1.10\r\n",
                "GET /\u00e9 HTTP/1.1\r\n",
                "GET /\u0001 HTTP/1.1\r\n",
                "GET /\u007f HTTP/1.1\r\n",
                "G\u0000T / HTTP/1.1\r\n",
                "GET\t/ HTTP/1.1\r\n",
                "GET / HTTP/1.1\r\n Host: a\r\n",
                "GET / HTTP/1.1\r\n: a\r\n",
                "GET / HTTP/1.1\r\nA\r\n",
                "GET / HTTP/1.1\r\nA : b\r\n",
                "GET / HTTP/1.1\r\nA: b\u0000\r\n",
                "GET / HTTP/1.1\r\nA: b\u007f\r\n",
                "GET / HTTP/1.1\r\nA: b\nC: d\r\n",
                "GET / HTTP/1.1\r\nA: b\rC: d\r\n",
                "GET / HTTP/1.1\r\nA: b\r\n\tc\r\n",
                "GET / HTTP/1.1\r\nA: b\r\n\rx",
                "GET / HTTP/1.1\r\n\u00e9: b\r\n",
                "GET / HTTP/1.1\r\nA(b): c\r\n"
            })
    void theseAreNoHead(String text) {
        assertThatThrownBy(() -> requests().complete(bytes(text)))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.BAD_SYNTAX));
    }

    @Test
    void aHeadOfExactlyTheLimitPassesAndOneByteMoreDoesNot() {
        String head = "GET / HTTP/1.1\r\nA: " + "x".repeat(100) + "\r\n\r\n";

        assertThat(HeadSyntax.ofRequests(head.length(), 1).complete(bytes(head)))
                .isTrue();
        assertThatThrownBy(() -> HeadSyntax.ofRequests(head.length() - 1, 1).complete(bytes(head)))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.HEADER_TOO_LARGE));
    }

    @Test
    void whatIsWrongWithAnAnswerIsTheAppsFault() {
        for (String text : new String[] {"<html>\r\n", "HTTP/2.0 200 OK\r\n", "HTTP/1.1 20 OK\r\n", "\r\n"}) {
            assertThatThrownBy(() -> HeadSyntax.ofAnswers(1024, 10).complete(bytes(text)))
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.UPSTREAM_ANSWER));
        }
    }

    @Test
    void aReasonMayBeOddOrMissing() {
        for (String text :
                new String[] {"HTTP/1.1 101\r\n\r\n", "HTTP/1.1 101 \r\n\r\n", "HTTP/1.0 200 \u00fcml\u00e4ut\r\n\r\n"
                }) {
            assertThat(HeadSyntax.ofAnswers(1024, 10).complete(bytes(text))).isTrue();
        }
    }
}
