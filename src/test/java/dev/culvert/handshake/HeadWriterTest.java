package dev.culvert.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The library's encoders write the same bytes, of fields from which the library removed what ends at this hop. */
class HeadWriterTest {
    private static final int HEADS = 2_000;
    private static final List<String> NAMES = List.of(
            "Host",
            "Connection",
            "connection",
            "Upgrade",
            "Keep-Alive",
            "TE",
            "Trailer",
            "HTTP2-Settings",
            "Proxy-Connection",
            "Cookie",
            "X-Hop",
            "Sec-WebSocket-Key");

    private final Random random = new Random(20);

    private String text(int most) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(most); length > 0; length--) {
            text.append((char) (random.nextInt(8) == 0 ? 0xa0 + random.nextInt(0x60) : '!' + random.nextInt(94)));
        }
        return text.toString();
    }

    private void fill(HttpHeaders headers) {
        for (int fields = random.nextInt(20); fields > 0; fields--) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            headers.add(random.nextBoolean() ? name : AsciiString.of(name), text(random.nextInt(20) == 0 ? 5_000 : 60));
        }
    }

    private static String written(HeadWriter head, HttpHeaders headers) {
        head.endToEnd(headers);
        return taken(head.end());
    }

    private static String encoded(ChannelHandler encoder, HttpObject head) {
        EmbeddedChannel channel = new EmbeddedChannel(encoder);
        channel.writeOutbound(head);
        String bytes = taken(channel.readOutbound());
        channel.finishAndReleaseAll();
        return bytes;
    }

    private static String taken(ByteBuf bytes) {
        try {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        } finally {
            bytes.release();
        }
    }

    @Test
    void aRequestsHead() {
        for (int i = 0; i < HEADS; i++) {
            HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf("M" + i), "/" + i);
            fill(head.headers());

            String written = written(HeadWriter.request(head), head.headers());

            HopByHop.remove(head.headers());
            assertThat(written).isEqualTo(encoded(new HttpRequestEncoder(), head));
        }
    }

    @Test
    void anAnswersHead() {
        for (int i = 0; i < HEADS; i++) {
            HttpResponseStatus status = new HttpResponseStatus(400 + random.nextInt(200), text(20));
            HttpResponse head = new DefaultHttpResponse(
                    HttpVersion.HTTP_1_1,
                    status,
                    DefaultHttpHeadersFactory.headersFactory().newHeaders());
            fill(head.headers());

            String written = written(HeadWriter.answer(status), head.headers());

            HopByHop.remove(head.headers());
            assertThat(written).isEqualTo(encoded(new HttpResponseEncoder(), head));
        }
    }
}
