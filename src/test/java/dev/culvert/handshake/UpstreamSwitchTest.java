package dev.culvert.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Is that 101 the one we asked for: RFC 9110 §7.8, RFC 6455 §4.1. */
class UpstreamSwitchTest {
    private static final UpgradeRequest WEBSOCKET = new UpgradeRequest(List.of("websocket"), List.of());
    private static final HttpHeaders ASKED = new DefaultHttpHeaders()
            .add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
            .add("Sec-WebSocket-Protocol", "chat, v2.chat")
            .add("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket | ACCEPT",
                "Upgrade: WebSocket | ACCEPT | Sec-WebSocket-Protocol: v2.chat",
                "Upgrade: websocket | ACCEPT | Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover",
            })
    void theseAreTheSwitchThatWasAskedFor(String fields) {
        assertThatCode(() -> UpstreamSwitch.require(WEBSOCKET, ASKED, Answers.of(101, fields)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: no upgrade | ACCEPT",
                "Upgrade: tcp",
                "Upgrade: websocket",
                "Upgrade: websocket | Sec-WebSocket-Accept: AAAA",
                "Upgrade: websocket | ACCEPT | ACCEPT",
                "Upgrade: websocket | ACCEPT | Sec-WebSocket-Protocol: other",
                "Upgrade: websocket | ACCEPT | Sec-WebSocket-Protocol: chat | Sec-WebSocket-Protocol: chat",
                "Upgrade: websocket | ACCEPT | Sec-WebSocket-Extensions: x-other",
            })
    void theseAreNot(String fields) {
        assertThatThrownBy(() -> UpstreamSwitch.require(WEBSOCKET, ASKED, Answers.of(101, fields)))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void theClientGetsTheAppsHeadWithoutWhatEndsHereAndThePairAnew() {
        HttpResponse answer = Answers.of(
                101,
                "upgrade: WebSocket | Connection: Upgrade, X-Hop | X-Hop: 1 | Keep-Alive: timeout=5 | Trailer: X | Content-Length: 0"
                        + " | Transfer-Encoding: chunked | Set-Cookie: a=1 | Set-Cookie: b=\u00e9 | ACCEPT");

        ByteBuf head = UpstreamSwitch.head(answer);

        assertThat(head.toString(StandardCharsets.ISO_8859_1))
                .isEqualTo("HTTP/1.1 101 Switching Protocols\r\nSet-Cookie: a=1\r\nSet-Cookie: b=\u00e9\r\n"
                        + Answers.ACCEPT + "\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n");
        head.release();
    }

    @Test
    void protocolsOnTopOfEachOtherAreOneLine() {
        HttpResponse answer = Answers.of(101, "Upgrade: TLS/1.0 | Upgrade: HTTP/1.1");

        assertThat(UpstreamSwitch.protocol(answer)).isEqualTo("TLS/1.0, HTTP/1.1");
    }
}
