package dev.culvert.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.TestSettings;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a client may take for a head, 10 s, and between two requests, 60 s; the clock is the test's. */
class GuardedRequestDecoderTest {
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n";

    private final GuardedRequestDecoder decoder = new GuardedRequestDecoder(
            TestSettings.of("limits.header-timeout=10s", "limits.idle-timeout=60s")
                    .limits(),
            1 << 16);
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void accept() {
        channel.freezeTime();
        channel.pipeline().addLast(decoder);
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private void says(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private void assertLate() {
        assertThat(channel.<Object>readInbound())
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.HEADER_TIMEOUT));
        says(HEAD + "x");
        assertThat(channel.inboundMessages()).as("what comes too late").isEmpty();
    }

    private void exchange() {
        says(HEAD + "x");
        assertThat(channel.<Object>readInbound()).isInstanceOf(HttpRequest.class);
        channel.<LastHttpContent>readInbound().release();
    }

    @Test
    void aClientThatSaysNothingIsLate() {
        pass(9_999);
        assertThat(channel.inboundMessages()).isEmpty();

        pass(1);
        assertLate();
    }

    @Test
    void aByteNowAndThenIsNoHeadInTime() {
        for (char c : HEAD.substring(0, 10).toCharArray()) {
            says(Character.toString(c));
            pass(999);
        }
        assertThat(channel.inboundMessages()).isEmpty();

        pass(10);
        assertLate();
    }

    @Test
    void theBodyAndTheAnswerAreNotTimedHere() {
        says(HEAD);
        pass(TimeUnit.DAYS.toMillis(1));
        assertThat(channel.<Object>readInbound()).isInstanceOf(HttpRequest.class);
        says("x");
        channel.<LastHttpContent>readInbound().release();
        pass(TimeUnit.DAYS.toMillis(1));

        assertThat(channel.inboundMessages()).isEmpty();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aConnectionThatWaitsForItsNextRequestIsClosedWithoutAWord() {
        exchange();
        decoder.next();

        pass(59_999);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.inboundMessages()).isEmpty();
    }

    @Test
    void aClientThatHasNotTakenItsAnswerYetIsNotWaitedFor() {
        exchange();
        channel.write(Unpooled.copiedBuffer("the rest of the answer", StandardCharsets.US_ASCII));
        decoder.next();
        pass(60_000);
        assertThat(channel.isOpen()).isTrue();

        channel.flush();
        pass(59_999);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void theNextHeadHasAClockOfItsOwn() {
        exchange();
        decoder.next();
        pass(59_999);

        says("P");
        pass(9_999);
        assertThat(channel.inboundMessages()).isEmpty();
        pass(1);
        assertLate();
    }

    @Test
    void aHeadThatCameEarlyIsNotTimedBeforeItsTurn() {
        says(HEAD + "xP");
        channel.<Object>readInbound();
        channel.<LastHttpContent>readInbound().release();
        pass(TimeUnit.DAYS.toMillis(1));

        decoder.next();

        pass(9_999);
        assertThat(channel.inboundMessages()).isEmpty();
        pass(1);
        assertLate();
    }
}
