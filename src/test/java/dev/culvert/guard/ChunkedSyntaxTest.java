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

/** The framing of a chunked body: RFC 9112 §7.1. */
class ChunkedSyntaxTest {
    private static final String GOOD =
            "5;a;b=c ;\td = \"e\\\"\u00e9\"\r\n0\r\n\r\n\r\n0A\r\n0123456789\r\n0;x\r\nX: 1\r\nY:\r\n\r\n";

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static ChunkedSyntax requests() {
        return new ChunkedSyntax(Part.REQUEST_BODY, 100, 3);
    }

    @Test
    void aBodyIsCompleteAtItsEmptyLineHoweverItIsCut() {
        for (int cut = 0; cut <= GOOD.length(); cut++) {
            ChunkedSyntax syntax = requests();
            ByteBuf in = bytes(GOOD.substring(0, cut));

            int seen = syntax.scan(in, 0);
            assertThat(seen).isEqualTo(cut);
            assertThat(syntax.isComplete()).as("cut at %d", cut).isEqualTo(cut == GOOD.length());

            in.skipBytes(seen / 2); // the parser has read so far
            in.writeBytes(bytes(GOOD.substring(cut) + "GET"));
            assertThat(syntax.scan(in, seen - seen / 2)).isEqualTo(GOOD.length() - seen / 2);
            assertThat(syntax.isComplete()).as("cut at %d", cut).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "g\r\n",
                " 3\r\n",
                "+3\r\n",
                "-3\r\n",
                "0x3\r\n",
                "3 \r\n",
                "3 3\r\n",
                "3\n",
                "3\rabc",
                "3\r\r\n",
                "\u00b3\r\n",
                "80000000\r\n",
                "10000000000000003\r\n",
                "3;\r\n",
                "3; \r\n",
                "3;=b\r\n",
                "3;a=\r\n",
                "3;a=b=c\r\n",
                "3;a b\r\n",
                "3;a \r\n",
                "3;a=b \r\n",
                "3;a=b c\r\n",
                "3;a=\"b\r\n",
                "3;a=\"b\"c\r\n",
                "3;a=\"b\\\r\n",
                "3;a=\"\u0000\"\r\n",
                "3;a=\"\n\"\r\n",
                "3;a\n\r\n",
                "3;a\u007f\r\n",
                "3;\u00e9\r\n",
                "3\r\nabcd",
                "3\r\nabc\n",
                "3\r\nabc\rX",
                "3\r\nabc\r\n\r\n",
                "0\r\n\n",
                "0\r\n\r\r\n",
                "0\r\nX\r\n",
                "0\r\nX : 1\r\n",
                "0\r\n: 1\r\n",
                "0\r\n X: 1\r\n",
                "0\r\nX: 1\r\n 2\r\n",
                "0\r\nX: 1\r2\r\n",
                "0\r\nX: 1\n",
                "0\r\nX: \u0000\r\n",
                "0\r\nGET / HTTP/1.1\r\n"
            })
    void thisIsNoChunkedBody(String text) {
        for (int cut = 0; cut < text.length(); cut++) {
            ChunkedSyntax syntax = requests();
            ByteBuf in = bytes(text.substring(0, cut));
            int rest = cut;
            assertThatThrownBy(() -> {
                        int seen = syntax.scan(in, 0);
                        syntax.scan(in.writeBytes(bytes(text.substring(rest))), seen);
                    })
                    .as("cut at %d", cut)
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.BAD_FRAMING));
        }
    }

    @Test
    void aLineOf256BytesPassesAndOneByteMoreDoesNot() {
        String line = "0003;" + "x".repeat(ChunkLine.MAX_BYTES - 7) + "\r\n";

        assertThat(requests().scan(bytes(line), 0)).isEqualTo(ChunkLine.MAX_BYTES);
        assertThatThrownBy(() -> requests().scan(bytes("0" + line), 0)).isInstanceOf(RefusedException.class);
    }

    @Test
    void trailersOfExactlyTheLimitPassAndOneByteMoreDoesNot() {
        String trailers = "X: " + "x".repeat(93) + "\r\n\r\n";

        assertThat(requests().scan(bytes("0\r\n" + trailers), 0)).isEqualTo(103);
        assertThatThrownBy(() -> requests().scan(bytes("0\r\nX" + trailers), 0)).isInstanceOf(RefusedException.class);
    }

    @Test
    void asManyTrailersAsTheLimitPassAndOneMoreDoesNot() {
        assertThat(requests().scan(bytes("0\r\n" + "X: 1\r\n".repeat(3) + "\r\n"), 0))
                .isEqualTo(23);
        assertThatThrownBy(() -> requests().scan(bytes("0\r\n" + "X: 1\r\n".repeat(4)), 0))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void dataIsSkippedByItsCountWhateverItIs() {
        ChunkedSyntax syntax = requests();
        String data = "\r\n0\r\n\r\n\u0000".repeat(0x1000);

        assertThat(syntax.scan(bytes("8000\r\n" + data + "\r\n0\r\n\r\n"), 0)).isEqualTo(6 + 0x8000 + 7);
        assertThat(syntax.isComplete()).isTrue();
    }

    @Test
    void whatIsWrongWithAnAnswerIsTheAppsFault() {
        assertThatThrownBy(() -> new ChunkedSyntax(Part.ANSWER_BODY, 100, 3).scan(bytes("g\r\n"), 0))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.UPSTREAM_ANSWER));
    }
}
