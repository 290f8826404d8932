package dev.culvert.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.TestSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a client may take for a head, 10 s, and between two requests, 60 s; the clock is the test's. */
class RequestDecoderTest {
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n";

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Deque<Object> made = new ArrayDeque<>();
    private RequestDecoder decoder;
    private int idle;

    /** Each object, and each time that nobody came. */
    private record Each(Consumer<Object> made, Runnable late) implements RequestDecoder.Taker {
        @Override
        public void came(Object message) {
            made.accept(message);
        }

        @Override
        public void reading(boolean on) {}

        @Override
        public void idle() {
            late.run();
        }
    }

    @BeforeEach
    void accept() {
        channel.freezeTime();
        decoder = decoder(channel.eventLoop(), "limits.header-timeout=10s", "limits.idle-timeout=60s");
        decoder.setTaker(new Each(made::add, () -> idle++));
    }

    /** One that drops what it makes, for whoever sets himself as its taker. */
    static RequestDecoder decoder(EventExecutor eventLoop, String... settings) {
        return new RequestDecoder(
                eventLoop,
                RequestBounds.of(TestSettings.of(settings)),
                new Each(ReferenceCountUtil::release, () -> {}));
    }

    @AfterEach
    void release() {
        decoder.discard();
        channel.finishAndReleaseAll();
    }

    private void says(String bytes) {
        decoder.read(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private void assertLate() {
        assertThat(made.poll())
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.HEADER_TIMEOUT));
        says(HEAD + "x");
        assertThat(made).as("what comes too late").isEmpty();
    }

    private void requestAndItsEnd() {
        assertThat(made.poll()).isInstanceOf(HttpRequest.class);
        assertThat(made.peek()).isInstanceOf(LastHttpContent.class);
        ReferenceCountUtil.release(made.poll());
    }

    private void exchange() {
        says(HEAD + "x");
        requestAndItsEnd();
    }

    @Test
    void aClientThatSaysNothingIsLate() {
        pass(9_999);
        assertThat(made).isEmpty();

        pass(1);
        assertLate();
    }

    @Test
    void aByteNowAndThenIsNoHeadInTime() {
        for (char c : HEAD.substring(0, 10).toCharArray()) {
            says(Character.toString(c));
            pass(999);
        }
        assertThat(made).isEmpty();

        pass(10);
        assertLate();
    }

    @Test
    void theBodyAndTheAnswerAreNotTimedHere() {
        says(HEAD);
        pass(TimeUnit.DAYS.toMillis(1));
        assertThat(made.poll()).isInstanceOf(HttpRequest.class);
        says("x");
        assertThat(made.peek()).isInstanceOf(LastHttpContent.class);
        ReferenceCountUtil.release(made.poll());
        pass(TimeUnit.DAYS.toMillis(1));

        assertThat(made).isEmpty();
        assertThat(idle).isZero();
    }

    @Test
    void aConnectionThatWaitsForItsNextRequestIsClosedWithoutAWord() {
        exchange();
        decoder.next();

        pass(59_999);
        assertThat(idle).isZero();
        pass(1);
        assertThat(idle).isOne();
        assertThat(made).isEmpty();
    }

    @Test
    void aClientThatIsNotWaitedForGetsTheSameTimeAgain() {
        exchange();
        decoder.next();
        pass(60_000);
        assertThat(idle).isOne();

        decoder.waitOn();
        pass(59_999);
        assertThat(idle).isOne();
        pass(1);
        assertThat(idle).isEqualTo(2);
    }

    @Test
    void theNextHeadHasAClockOfItsOwn() {
        exchange();
        decoder.next();
        pass(59_999);

        says("P");
        pass(9_999);
        assertThat(made).isEmpty();
        pass(1);
        assertLate();
    }

    @Test
    void aHeadThatCameEarlyIsNotTimedBeforeItsTurn() {
        says(HEAD + "xP");
        requestAndItsEnd();
        pass(TimeUnit.DAYS.toMillis(1));

        decoder.next();

        pass(9_999);
        assertThat(made).isEmpty();
        pass(1);
        assertLate();
    }

    /** Each read ends within the line of a chunk, so that there is never one behind which nothing is left. */
    @Test
    void aBodyWhoseReadsNeverEndWithAPieceIsNotKept() {
        decoder.setTaker(new Each(ReferenceCountUtil::release, () -> {}));
        long before = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
        decoder.read(direct("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1000"));
        String piece = "\r\n" + "x".repeat(0x1000) + "\r\n1000";
        for (int i = 0; i < 2_000; i++) {
            decoder.read(direct(piece));
        }

        assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() - before).isLessThan(1 << 20);
    }

    private static ByteBuf direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
    }
}
