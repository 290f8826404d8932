package dev.culvert.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.TestSettings;
import dev.culvert.flow.Flow;
import dev.culvert.flow.Loopback;
import dev.culvert.handshake.UpstreamHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.SocketTakeover;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long the app may take to answer a handshake of 30 s; the clock is the test's, and so is the app. */
@Timeout(60)
class UpstreamExchangeTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: chatproto\r\n\r\n";

    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final Flow flow = new Flow(TestSettings.of().tunnel());
    private final List<String> heard = new ArrayList<>();
    private Loopback loopback;
    private TunnelSocket app;
    private UpstreamExchange exchange;
    private @Nullable HttpResponse answer;
    private @Nullable RefusedException failure;

    private final class Recorder implements UpstreamClient {
        @Override
        public void interim(HttpResponse head) {
            heard.add("interim " + head.status().code());
        }

        @Override
        public void answered(HttpResponse head) {
            answer = head;
        }

        @Override
        public void body(HttpContent content) {
            heard.add("body");
            content.release();
        }

        @Override
        public void failed(RefusedException why) {
            failure = why;
        }

        @Override
        public void appWritable(boolean writable) {
            heard.add("writable " + writable);
        }
    }

    @BeforeEach
    void send() throws Exception {
        clock.freezeTime();
        loopback = new Loopback();
        app = loopback.call(() -> SocketTakeover.of(loopback.channel(), false));
        exchange = loopback.call(
                () -> new UpstreamExchange(app, new Recorder(), clock.eventLoop(), Duration.ofSeconds(30), flow));
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
        loopback.run(() -> exchange.send(request, UpstreamHead.ofOurOwn(request)));
    }

    @AfterEach
    void close() throws Exception {
        loopback.run(exchange::abort);
        loopback.close();
    }

    private void says(String bytes) throws Exception {
        loopback.run(() -> exchange.reader().read(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1)));
    }

    private boolean sends(HttpContent content) throws Exception {
        return loopback.call(() -> exchange.sendBody(content));
    }

    private static HttpContent content(int bytes) {
        return new DefaultHttpContent(Unpooled.copiedBuffer("x".repeat(bytes), StandardCharsets.ISO_8859_1));
    }

    private void pass(long millis) throws Exception {
        loopback.run(() -> {
            clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
            clock.runScheduledPendingTasks();
        });
    }

    private void assertFailed(Refusal why) {
        assertThat(requireNonNull(failure).refusal()).isEqualTo(why);
    }

    private void assertLate() {
        assertFailed(Refusal.UPSTREAM_HANDSHAKE_TIMEOUT);
        assertThat(answer).isNull();
        assertThat(app.isOpen()).isFalse();
    }

    @Test
    void anAppThatDoesNotAnswerInTimeIsGivenUp() throws Exception {
        pass(29_999);
        assertThat(failure).isNull();

        pass(1);
        assertLate();
    }

    @Test
    void eachPieceOfTheRequestStartsTheClockAnew() throws Exception {
        for (int i = 0; i < 3; i++) {
            pass(29_999);
            sends(content(1));
        }
        pass(29_999);
        assertThat(failure).isNull();

        pass(1);
        assertLate();
    }

    @Test
    void interimAnswersAreNoAnswer() throws Exception {
        pass(20_000);
        says("HTTP/1.1 103 Early Hints\r\n\r\n");
        pass(9_999);
        assertThat(heard).containsExactly("interim 103");

        pass(1);
        assertLate();
    }

    @Test
    void theBodyOfAnAnswerIsNotTimed() throws Exception {
        pass(29_999);
        says(CHUNKED);
        pass(TimeUnit.DAYS.toMillis(1));
        says("1\r\nx\r\n0\r\n\r\n");

        assertThat(requireNonNull(answer).status().code()).isEqualTo(200);
        assertThat(heard).containsExactly("body", "body");
        assertThat(failure).isNull();
        assertThat(clock.hasPendingTasks()).isFalse();
    }

    @Test
    void aSwitchThatWaitsForTheRestOfTheRequestDoesNotWaitForEver() throws Exception {
        says(SWITCH);
        sends(content(1));
        pass(29_999);
        assertThat(app.isOpen()).isTrue();

        pass(1);
        assertThat(app.isOpen()).isFalse();
        assertThat(requireNonNull(answer).status().code()).isEqualTo(101);
        assertFailed(Refusal.UPSTREAM_HANDSHAKE_TIMEOUT);
    }

    @Test
    void theHeadGoesOutWithTheTurn() throws Exception {
        byte[] head = "POST / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(loopback.peer().getInputStream().readNBytes(head.length)).isEqualTo(head);
    }

    @Test
    void whatTheAppDoesNotTakeHoldsTheClientBackUntilItDoes() throws Exception {
        int sent = 0;
        do {
            sent += 1 << 20;
        } while (sends(content(1 << 20)));
        assertThat(heard).isEmpty();

        loopback.peer().getInputStream().readNBytes(sent);

        await(() -> heard.contains("writable true"));
    }

    @Test
    void anAppThatIsGoneHoldsNobodyBack() throws Exception {
        loopback.peer().setSoLinger(true, 0);
        loopback.peer().close();

        await(() -> failure != null);
        assertFailed(Refusal.UPSTREAM_CLOSED);
        assertThat(sends(content(1))).isTrue();
    }

    private void await(BooleanSupplier condition) throws Exception {
        while (!loopback.call(condition::getAsBoolean)) {
            Thread.sleep(1);
        }
    }

    @Test
    void aBodyThatLastsUntilTheCloseIsWholeWithTheAppsEnd() throws Exception {
        says("HTTP/1.1 200 OK\r\n\r\nbody");
        loopback.run(() -> exchange.reader().ended());

        assertThat(heard).containsExactly("body", "body");
        assertThat(failure).isNull();
    }

    @Test
    void aBodyThatLastsUntilTheCloseIsCutByAReset() throws Exception {
        says("HTTP/1.1 200 OK\r\n\r\nbody");
        loopback.run(() -> exchange.reader().failed(new IOException("Connection reset by peer")));

        assertThat(heard).containsExactly("body");
        assertFailed(Refusal.UPSTREAM_CLOSED);
    }

    @Test
    void anAnswerMayComeInPieces() throws Exception {
        for (char c : (CHUNKED + "2\r\nab\r\n").toCharArray()) {
            says(Character.toString(c));
        }
        assertThat(requireNonNull(answer).status().code()).isEqualTo(200);

        loopback.run(() -> exchange.reader().ended());
        assertThat(heard).containsExactly("body", "body");
        assertFailed(Refusal.UPSTREAM_CLOSED);
    }

    @Test
    void whatComesBehindASwitchWaitsForTheTunnelWhateverTheClientTakes() throws Exception {
        says(SWITCH);
        loopback.run(() -> exchange.reading(false));
        loopback.run(() -> exchange.reading(true));

        loopback.peer().getOutputStream().write(new byte[64]);
        loopback.run(() -> {});
        loopback.run(() -> {});

        assertThat(loopback.call(exchange::release).isReadable()).isFalse();
    }

    /** The tunnel, once it stands, takes them, and passes the end on behind them. */
    @Test
    void theEndOfTheAppsStreamLeavesTheBytesThatWaitBehindASwitch() throws Exception {
        says(SWITCH + "first");
        loopback.peer().shutdownOutput();
        await(app::isEnded);

        ByteBuf first = loopback.call(exchange::release);

        assertThat(first.toString(StandardCharsets.ISO_8859_1)).isEqualTo("first");
        first.release();
        assertThat(app.isOpen()).isTrue();
        assertThat(heard).isEmpty();
        assertThat(failure).isNull();
    }

    @Test
    void aTunnelIsNotTimedFromHere() throws Exception {
        sends(LastHttpContent.EMPTY_LAST_CONTENT);
        says(SWITCH);

        assertThat(loopback.call(exchange::release).isReadable()).isFalse();

        pass(TimeUnit.DAYS.toMillis(1));
        assertThat(app.isOpen()).isTrue();
        assertThat(heard).isEmpty();
        assertThat(failure).isNull();
    }

    @Test
    void anExchangeThatIsGivenUpHasNoClock() throws Exception {
        loopback.run(exchange::abort);

        assertThat(clock.hasPendingTasks()).isFalse();
        assertThat(app.isOpen()).isFalse();
    }
}
