package dev.culvert.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside Netty's own decoders, which read the same heads. */
class HeadReaderTest {
    private static final long SEED = 11;
    private static final int HEADS = 4_000;
    private static final String TOKEN = "aZ09!#$%&'*+-.^_`|~";
    private static final String VALUE = "aZ09 ,;=\"\\:\t/()\u00e9\u00ff";

    private final Random random = new Random(SEED);

    private String text(String characters, int least, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }

    private String blanks() {
        return text(" \t", 0, 3);
    }

    private String fields() {
        StringBuilder fields = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            String name = random.nextInt(3) == 0
                    ? List.of("Host", "Connection", "Set-Cookie").get(random.nextInt(3))
                    : text(TOKEN, 1, 8);
            fields.append(name)
                    .append(':')
                    .append(blanks())
                    .append(text(VALUE, 0, 12))
                    .append(blanks())
                    .append("\r\n");
        }
        return fields.append("\r\n").toString();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static HttpMessage decoded(String head, ChannelHandler decoder) {
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        channel.writeInbound(bytes(head));
        HttpMessage message = channel.readInbound();
        channel.finishAndReleaseAll();
        return message;
    }

    private static HttpMessage read(String head, boolean request) {
        ByteBuf in = bytes(head + "behind");
        HttpMessage message = request ? HeadReader.request(in, head.length()) : HeadReader.answer(in, head.length());
        assertThat(in.readableBytes()).isEqualTo(head.length() + 6);
        in.release();
        return message;
    }

    private static void assertSame(HttpMessage read, HttpMessage decoded) {
        assertThat(decoded.decoderResult().isSuccess()).isTrue();
        assertThat(read.protocolVersion()).isEqualTo(decoded.protocolVersion());
        assertThat(lines(read)).isEqualTo(lines(decoded));
    }

    private static List<String> lines(HttpMessage message) {
        return message.headers().entries().stream()
                .map(field -> field.getKey() + ": " + field.getValue())
                .toList();
    }

    @Test
    void aRequestIsWhatNettyReads() {
        for (int i = 0; i < HEADS; i++) {
            String method = random.nextBoolean() ? "GET" : text(TOKEN, 1, 7);
            String head = method + " /" + text(TOKEN, 0, 30) + " HTTP/1." + random.nextInt(10) + "\r\n" + fields();

            HttpRequest read = (HttpRequest) read(head, true);
            HttpRequest decoded = (HttpRequest) decoded(head, new HttpRequestDecoder());

            assertThat(read.method()).isEqualTo(decoded.method());
            assertThat(read.uri()).isEqualTo(decoded.uri());
            assertSame(read, decoded);
        }
    }

    @Test
    void anAnswerIsWhatNettyReads() {
        for (int i = 0; i < HEADS; i++) {
            String reason = random.nextInt(3) == 0 ? "" : " " + text(VALUE, 0, 12);
            String head =
                    "HTTP/1." + random.nextInt(10) + " " + (200 + random.nextInt(300)) + reason + "\r\n" + fields();

            HttpResponse read = (HttpResponse) read(head, false);
            HttpResponse decoded = (HttpResponse) decoded(head, new HttpResponseDecoder());

            assertThat(read.status()).isEqualTo(decoded.status());
            assertThat(read.status().reasonPhrase()).isEqualTo(decoded.status().reasonPhrase());
            assertSame(read, decoded);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 101 Switching Protocols", "HTTP/1.1 101", "HTTP/1.1 101 ", "HTTP/1.1 999 Odd one"})
    void aStatusHasItsOwnReason(String line) {
        HttpResponse read = (HttpResponse) read(line + "\r\n\r\n", false);

        assertThat(read.status().code()).isEqualTo(Integer.parseInt(line.substring(9, 12)));
        assertThat(read.status().reasonPhrase()).isEqualTo(line.substring(12).strip());
    }
}
