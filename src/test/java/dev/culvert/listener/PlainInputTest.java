package dev.culvert.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which client is waited for between two requests, 60 s; the clock is the test's. */
class PlainInputTest {
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    @SuppressWarnings("NullAway") // no request comes that would ask for the rooms
    void answered() {
        channel.freezeTime();
        RequestDecoder decoder = RequestDecoderTest.decoder(channel.eventLoop(), "limits.idle-timeout=60s");
        PlainInput input = new PlainInput(null, decoder, PEER);
        decoder.setTaker(input);
        channel.pipeline().addLast(input);
        decoder.waitOn();
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void oneThatIsSilentIsClosed() {
        pass(59_999);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void oneThatHasNotTakenItsAnswerYetIsNotWaitedFor() {
        channel.write(Unpooled.copiedBuffer("the rest of the answer", StandardCharsets.US_ASCII));
        pass(60_000);
        assertThat(channel.isOpen()).isTrue();

        channel.flush();
        pass(59_999);
        assertThat(channel.isOpen()).isTrue();
        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }
}
