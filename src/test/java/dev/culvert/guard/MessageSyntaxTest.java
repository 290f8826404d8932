package dev.culvert.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the parser is shown, and what happens when it reads otherwise; the parser is the test's. */
class MessageSyntaxTest {
    private static final String HEAD = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String BODY = "3\r\nabc\r\n0\r\n\r\n";

    private final MessageSyntax syntax = MessageSyntax.ofRequests(1024, 10);
    private final ByteBuf in = Unpooled.buffer();
    private final List<Object> out = new ArrayList<>();

    private interface Step {
        void decode(ByteBuf in, List<Object> out);
    }

    private void read(String bytes, Step step) throws Exception {
        in.writeCharSequence(bytes, StandardCharsets.ISO_8859_1);
        syntax.read(in, out, new MessageSyntax.Parser() {
            @Override
            public boolean hasBody(HttpMessage head) {
                return MessageSyntax.isBodyAnnounced(head);
            }

            @Override
            public void decode(ByteBuf bytes, List<Object> made) {
                step.decode(bytes, made);
            }
        });
    }

    private void readHead() throws Exception {
        read(HEAD, (bytes, made) -> {
            bytes.skipBytes(HEAD.length());
            DefaultHttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
            head.headers().set("Transfer-Encoding", "chunked");
            made.add(head);
        });
        out.clear();
    }

    private static Step endsAfter(int count) {
        return (bytes, made) -> {
            bytes.skipBytes(count);
            made.add(LastHttpContent.EMPTY_LAST_CONTENT);
        };
    }

    private void assertRefused() {
        assertThat(out)
                .singleElement()
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.BAD_FRAMING));
        assertThat(in.isReadable()).isFalse();
    }

    @Test
    void theParserIsNotShownAHeadThatIsNotComplete() throws Exception {
        read("POST / HTTP/1.1\r\n", (bytes, made) -> made.add("shown"));

        assertThat(out).isEmpty();
        assertThat(syntax.inMessage()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Content-Length: 0\r\n"})
    void theParserIsNotShownAMessageWithoutABody(String length) throws Exception {
        read("GET /a HTTP/1.1\r\n" + length + "X: y\r\n\r\nnext", (bytes, made) -> made.add("shown"));

        assertThat(out).hasSize(2).last().isEqualTo(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(((HttpRequest) out.get(0)).headers().get("X")).isEqualTo("y");
        assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("next");
        assertThat(syntax.inMessage()).isFalse();
    }

    @Test
    void theHeadIsOursWhateverTheParserMakesOfIt() throws Exception {
        read(HEAD, (bytes, made) -> {
            bytes.skipBytes(HEAD.length());
            made.add(new DefaultHttpRequest(HttpVersion.HTTP_1_0, HttpMethod.GET, "/other"));
        });

        HttpRequest request = (HttpRequest) out.get(0);
        assertThat(request.method() + " " + request.uri() + " " + request.protocolVersion())
                .isEqualTo("POST / HTTP/1.1");
        assertThat(request.headers().get("Transfer-Encoding")).isEqualTo("chunked");
    }

    @Test
    void aMessageEndsWhereBothReadersSayAndTheNextOneMayFollow() throws Exception {
        for (int i = 0; i < 2; i++) {
            readHead();
            assertThat(syntax.inMessage()).isTrue();

            read(BODY, endsAfter(BODY.length()));

            assertThat(out).containsExactly(LastHttpContent.EMPTY_LAST_CONTENT);
            assertThat(syntax.inMessage()).isFalse();
        }
    }

    @Test
    void aParserThatEndsABodyEarlierIsNotBelieved() throws Exception {
        readHead();

        read(BODY, endsAfter(BODY.length() - 2));

        assertRefused();
    }

    @Test
    void aParserThatEndsABodyLaterIsNotBelieved() throws Exception {
        readHead();

        read(BODY + "GET", endsAfter(BODY.length() + 1));

        assertRefused();
    }

    @Test
    void whatWasMadeOfABodyThatTurnsOutBadIsReleased() throws Exception {
        readHead();
        HttpContent piece = new DefaultHttpContent(Unpooled.buffer().writeZero(3));
        read("3\r\nabc\r\n", (bytes, made) -> {
            bytes.skipBytes(8);
            made.add(piece);
        });

        read("nonsense", (bytes, made) -> made.add("shown"));

        assertRefused();
        assertThat(piece.refCnt()).isZero();
    }
}
