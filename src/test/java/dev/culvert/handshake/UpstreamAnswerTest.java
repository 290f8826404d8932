package dev.culvert.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client gets of an answer that is no switch. */
class UpstreamAnswerTest {
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
        assertThatThrownBy(() -> UpstreamAnswer.requireClearLength(Answers.of(200, fields)))
                .isInstanceOf(RefusedException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205})
    void anAnswerThatHasNoBodySaysSo(int status) {
        HttpResponse passed =
                UpstreamAnswer.passedOn(Answers.of(status, "Transfer-Encoding: chunked"), HttpMethod.GET, false);

        assertThat(passed.headers().contains("Transfer-Encoding")).isFalse();
        assertThat(passed.headers().get("Content-Length")).isEqualTo(status == 205 ? "0" : null);
        assertThat(UpstreamAnswer.hasBody(HttpMethod.GET, passed.status())).isFalse();
    }

    @Test
    void theLengthOfABodyThatIsNotSentStays() {
        HttpResponse passed = UpstreamAnswer.passedOn(Answers.of(304, "Content-Length: 7"), HttpMethod.GET, false);

        assertThat(passed.headers().get("Content-Length")).isEqualTo("7");
        assertThat(UpstreamAnswer.hasBody(HttpMethod.GET, passed.status())).isFalse();
        assertThat(UpstreamAnswer.hasBody(HttpMethod.HEAD, HttpResponseStatus.OK))
                .isFalse();
        assertThat(UpstreamAnswer.hasBody(HttpMethod.GET, HttpResponseStatus.OK))
                .isTrue();
    }

    @Test
    void anInterimAnswerHasNoLength() {
        HttpResponse passed = UpstreamAnswer.interim(Answers.of(103, "Content-Length: 0 | Link: </a>"));

        assertThat(passed.headers().contains("Content-Length")).isFalse();
        assertThat(passed.headers().get("Link")).isEqualTo("</a>");
    }

    @Test
    void aHeadIsWrittenWithAllItsFields() {
        ByteBuf head = UpstreamAnswer.head(Answers.of(426, "Upgrade: h9 | Connection: close"));

        assertThat(head.toString(StandardCharsets.ISO_8859_1))
                .isEqualTo("HTTP/1.1 426 Upgrade Required\r\nUpgrade: h9\r\nConnection: close\r\n\r\n");
        head.release();
    }

    @Test
    void a426KeepsItsUpgradeAndEveryFinalAnswerCloses() {
        HttpResponse passed = UpstreamAnswer.passedOn(
                Answers.of(426, "Upgrade: h9 | Connection: Upgrade, x-hop | X-Hop: 1"), HttpMethod.GET, false);

        assertThat(passed.headers().get("Upgrade")).isEqualTo("h9");
        assertThat(passed.headers().get("Connection")).isEqualTo("Upgrade, close");
        assertThat(passed.headers().contains("X-Hop")).isFalse();
    }
}
