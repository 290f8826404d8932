package dev.culvert.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.RefusedException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Is that 101 the one we asked for: RFC 9110 §7.8, RFC 6455 §4.1. */
class UpstreamAnswerTest {
    private static final UpgradeRequest WEBSOCKET = new UpgradeRequest(List.of("websocket"), List.of());
    private static final HttpHeaders ASKED = new DefaultHttpHeaders()
            .add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
            .add("Sec-WebSocket-Protocol", "chat, v2.chat")
            .add("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");
    private static final String ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static HttpResponse answer(int status, String fields) {
        HttpResponse answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        for (String field : fields.replace("ACCEPT", ACCEPT).split("\\|", -1)) {
            answer.headers()
                    .add(
                            field.substring(0, field.indexOf(':')).strip(),
                            field.substring(field.indexOf(':') + 1).strip());
        }
        return answer;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket | ACCEPT",
                "Upgrade: WebSocket | ACCEPT | Sec-WebSocket-Protocol: v2.chat",
                "Upgrade: websocket | ACCEPT | Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover",
            })
    void theseAreTheSwitchThatWasAskedFor(String fields) {
        assertThatCode(() -> UpstreamAnswer.requireSwitch(WEBSOCKET, ASKED, answer(101, fields)))
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
        assertThatThrownBy(() -> UpstreamAnswer.requireSwitch(WEBSOCKET, ASKED, answer(101, fields)))
                .isInstanceOf(RefusedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 1 | Content-Length: 1",
                "Content-Length: 1, 1",
                "Content-Length: -1",
                "Content-Length: 1 | Transfer-Encoding: chunked",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding:  | Transfer-Encoding: chunked",
                "Transfer-Encoding: chunked | Transfer-Encoding: chunked",
                "Transfer-Encoding: chunked,",
                "Transfer-Encoding: ",
            })
    void aLengthThatCanBeReadInTwoWaysIsRefused(String fields) {
        assertThatThrownBy(() -> UpstreamAnswer.requireClearLength(answer(200, fields)))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void a426KeepsItsUpgradeAndEveryFinalAnswerCloses() {
        HttpResponse passed =
                UpstreamAnswer.passedOn(answer(426, "Upgrade: h9 | Connection: Upgrade, x-hop | X-Hop: 1"), false);

        assertThat(passed.headers().get("Upgrade")).isEqualTo("h9");
        assertThat(passed.headers().get("Connection")).isEqualTo("Upgrade, close");
        assertThat(passed.headers().contains("X-Hop")).isFalse();
    }
}
