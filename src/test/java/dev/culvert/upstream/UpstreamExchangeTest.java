package dev.culvert.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long the app may take to answer a handshake of 30 s; the clock is the test's, and so is the app. */
class UpstreamExchangeTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: chatproto\r\n\r\n";

    private final EmbeddedChannel app = new EmbeddedChannel();
    private final List<String> heard = new ArrayList<>();
    private final UpstreamExchange exchange = new UpstreamExchange(app, new Recorder(), Duration.ofSeconds(30));
    private Future<HttpResponse> answer;

    private final class Recorder implements UpstreamExchange.Client {
        @Override
        public void interim(HttpResponse head) {
            heard.add("interim " + head.status().code());
        }

        @Override
        public void body(HttpContent content) {
            heard.add("body");
            content.release();
        }

        @Override
        public void truncated(RefusedException why) {
            heard.add("truncated");
        }

        @Override
        public void appWritable(boolean writable) {
            heard.add("writable " + writable);
        }
    }

    @BeforeEach
    void send() {
        app.freezeTime();
        answer = exchange.send(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));
    }

    @AfterEach
    void release() {
        app.finishAndReleaseAll();
    }

    private void says(String bytes) {
        app.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
    }

    private void pass(long millis) {
        app.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        app.runScheduledPendingTasks();
    }

    private void assertLate() {
        assertThat(((RefusedException) answer.cause()).refusal()).isEqualTo(Refusal.UPSTREAM_HANDSHAKE_TIMEOUT);
        assertThat(app.isOpen()).isFalse();
    }

    @Test
    void anAppThatDoesNotAnswerInTimeIsGivenUp() {
        pass(29_999);
        assertThat(answer.isComplete()).isFalse();

        pass(1);
        assertLate();
    }

    @Test
    void eachPieceOfTheRequestStartsTheClockAnew() {
        for (int i = 0; i < 3; i++) {
            pass(29_999);
            exchange.sendBody(new DefaultHttpContent(Unpooled.copiedBuffer("x", StandardCharsets.ISO_8859_1)));
        }
        pass(29_999);
        assertThat(answer.isComplete()).isFalse();

        pass(1);
        assertLate();
    }

    @Test
    void interimAnswersAreNoAnswer() {
        pass(20_000);
        says("HTTP/1.1 103 Early Hints\r\n\r\n");
        pass(9_999);
        assertThat(heard).containsExactly("interim 103");

        pass(1);
        assertLate();
    }

    @Test
    void theBodyOfAnAnswerIsNotTimed() {
        pass(29_999);
        says(CHUNKED);
        pass(TimeUnit.DAYS.toMillis(1));
        says("1\r\nx\r\n0\r\n\r\n");

        assertThat(answer.succeeded()).isTrue();
        assertThat(heard).containsExactly("body", "body");
        assertThat(app.hasPendingTasks()).isFalse();
    }

    @Test
    void aSwitchThatWaitsForTheRestOfTheRequestDoesNotWaitForEver() {
        says(SWITCH);
        exchange.sendBody(new DefaultHttpContent(Unpooled.copiedBuffer("x", StandardCharsets.ISO_8859_1)));
        pass(29_999);
        assertThat(app.isOpen()).isTrue();

        pass(1);
        assertThat(app.isOpen()).isFalse();
        assertThat(heard).containsExactly("truncated");
    }

    @Test
    void anAppThatIsGoneHoldsNobodyBack() {
        app.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                ctx.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
            }
        });

        boolean writable =
                exchange.sendBody(new DefaultHttpContent(Unpooled.copiedBuffer("x", StandardCharsets.ISO_8859_1)));

        assertThat(answer.failed()).isTrue();
        assertThat(writable).isTrue();
    }

    @Test
    void whatComesBehindASwitchWaitsForTheTunnelWhateverTheClientTakes() {
        says(SWITCH);
        exchange.reading(false);

        exchange.reading(true);

        assertThat(app.config().isAutoRead()).isFalse();
    }

    /** The tunnel, once it stands, takes them from the decoder, and passes the end on behind them. */
    @Test
    void theEndOfTheAppsStreamLeavesTheBytesThatWaitBehindASwitch() {
        says(SWITCH + "first");
        app.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(exchange.release().isOpen()).isTrue();
        app.pipeline().remove(exchange);
        app.pipeline().remove(AnswerDecoder.class);

        ByteBuf first = app.readInbound();
        assertThat(first.toString(StandardCharsets.ISO_8859_1)).isEqualTo("first");
        first.release();
        assertThat(heard).isEmpty();
    }

    @Test
    void aTunnelIsNotTimedFromHere() {
        exchange.sendBody(LastHttpContent.EMPTY_LAST_CONTENT);
        says(SWITCH);

        assertThat(exchange.release()).isSameAs(app);

        pass(TimeUnit.DAYS.toMillis(1));
        assertThat(app.isOpen()).isTrue();
        assertThat(heard).isEmpty();
    }

    @Test
    void anExchangeThatIsGivenUpHasNoClock() {
        exchange.abort();

        assertThat(app.hasPendingTasks()).isFalse();
        assertThat(app.isOpen()).isFalse();
    }
}
