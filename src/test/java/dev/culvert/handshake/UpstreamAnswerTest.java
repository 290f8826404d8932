package dev.culvert.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.RefusedException;
import io.netty.handler.codec.http.HttpResponse;
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

    @Test
    void a426KeepsItsUpgradeAndEveryFinalAnswerCloses() {
        HttpResponse passed =
                UpstreamAnswer.passedOn(Answers.of(426, "Upgrade: h9 | Connection: Upgrade, x-hop | X-Hop: 1"), false);

        assertThat(passed.headers().get("Upgrade")).isEqualTo("h9");
        assertThat(passed.headers().get("Connection")).isEqualTo("Upgrade, close");
        assertThat(passed.headers().contains("X-Hop")).isFalse();
    }
}
