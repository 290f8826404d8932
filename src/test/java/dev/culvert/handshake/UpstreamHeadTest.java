package dev.culvert.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.TestSettings;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The head of an upgrade as the app gets it: RFC 9110 §7.6.1, §7.8. */
class UpstreamHeadTest {
    private static final UpgradeRequest WEBSOCKET = new UpgradeRequest(List.of("websocket"), List.of("upgrade"));

    private static String of(HttpRequest request) throws Exception {
        UpstreamHead heads = new UpstreamHead(new Forwarded(TestSettings.of().forwarded()), "app:8080");
        ByteBuf head = heads.of(request, WEBSOCKET, InetAddress.getByName("192.0.2.1"));
        try {
            return head.toString(StandardCharsets.ISO_8859_1);
        } finally {
            head.release();
        }
    }

    @Test
    void whatEndsHereGoesAndTheRestStaysAsItCame() throws Exception {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_0, HttpMethod.GET, "/chat?a=%20b");
        request.headers()
                .add("host", "example")
                .add("CONNECTION", "close, X-Hop, Cookie, Upgrade")
                .add("X-Hop", "1")
                .add("keep-alive", "timeout=5")
                .add("TE", "trailers")
                .add("Trailer", "X")
                .add("Cookie", "a=1; b=\u00e9")
                .add("X-Empty", "")
                .add("accept", "a")
                .add("accept", "b");

        assertThat(of(request))
                .isEqualTo(
                        "GET /chat?a=%20b HTTP/1.1\r\nhost: example\r\nCookie: a=1; b=\u00e9\r\nX-Empty: \r\naccept: a\r\naccept: b\r\n"
                                + "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: example\r\n"
                                + "Forwarded: for=192.0.2.1;host=\"example\";proto=http\r\n"
                                + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    }

    @Test
    void aNominationTakesNothingFromWhatWeSayOfTheClient() throws Exception {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        request.headers().add("Host", "example").add("Connection", "Upgrade, X-Forwarded-For, Forwarded");

        assertThat(of(request)).contains("\r\nX-Forwarded-For: 192.0.2.1\r\n", "\r\nForwarded: for=192.0.2.1;");
    }

    @Test
    void aHeadOfAnyLengthIsWrittenWhole() throws Exception {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/" + "a".repeat(3000));
        request.headers().add("Host", "example").add("X-Long", "b".repeat(9000));

        assertThat(of(request))
                .startsWith("GET /" + "a".repeat(3000) + " HTTP/1.1\r\n")
                .contains("\r\nX-Long: " + "b".repeat(9000) + "\r\n")
                .endsWith("\r\n\r\n");
    }
}
