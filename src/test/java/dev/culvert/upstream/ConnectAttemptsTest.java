package dev.culvert.upstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.TestSettings;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How long the app may take to accept; the clock is the test's, and so is the app. */
class ConnectAttemptsTest {
    /** A connection attempt that goes on until the test or a close ends it, as those of real sockets do. */
    private static final class Attempt extends ChannelOutboundHandlerAdapter {
        private @Nullable ChannelPromise pending;

        ChannelPromise pending() {
            return requireNonNull(pending);
        }

        @Override
        public void connect(ChannelHandlerContext ctx, SocketAddress to, SocketAddress from, ChannelPromise promise) {
            pending = promise;
        }

        @Override
        public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
            ctx.close(promise);
            if (pending != null) {
                pending.tryFailure(new ClosedChannelException());
            }
        }
    }

    /** Waits as long as the test wants, and keeps what it is told. */
    private static final class Listener implements ConnectListener<EmbeddedChannel> {
        private boolean waiting = true;
        private @Nullable EmbeddedChannel connected;
        private @Nullable Refusal refusal;

        @Override
        public boolean isWaiting() {
            return waiting;
        }

        @Override
        public void connected(EmbeddedChannel app) {
            assertThat(isTold()).isFalse();
            connected = app;
        }

        @Override
        public void failed(RefusedException why) {
            assertThat(isTold()).isFalse();
            refusal = why.refusal();
        }

        boolean isTold() {
            return connected != null || refusal != null;
        }
    }

    private Attempt attempt = new Attempt();
    private EmbeddedChannel app = new EmbeddedChannel();
    private final EmbeddedChannel client = new EmbeddedChannel();
    private final List<EmbeddedChannel> prepared = new ArrayList<>();
    private final Listener listener = new Listener();
    private int attempts;
    private long now;
    private boolean atOnce;
    private boolean noFiles;

    private ChannelFuture begin(EventLoop eventLoop) throws IOException {
        attempts++;
        if (noFiles) {
            throw new IOException("Too many open files");
        }
        attempt = new Attempt();
        app = new EmbeddedChannel(DefaultChannelId.newInstance(), false, false, attempt);
        eventLoop.register(app);
        ChannelFuture connecting = app.connect(InetSocketAddress.createUnresolved("app", 1));
        if (atOnce) {
            attempt.pending().setSuccess();
        }
        return connecting;
    }

    private void connect(String... more) {
        String[] all = Arrays.copyOf(more, more.length + 1);
        all[more.length] = "upstream.connect-timeout=5s";
        ConnectAttempts<EmbeddedChannel> connector = new ConnectAttempts<>(
                TestSettings.of(all).upstream(), EmbeddedChannel.class, this::begin, prepared::add, () -> now);
        client.freezeTime();
        connector.connect(client.eventLoop(), listener);
        assertThat(attempts).isZero();
        client.runPendingTasks();
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        client.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        client.runScheduledPendingTasks();
    }

    @Test
    void anAppThatDoesNotAcceptInTimeIsGivenUp() {
        connect();

        pass(4_999);
        assertThat(listener.isTold()).isFalse();
        assertThat(app.isOpen()).isTrue();
        pass(1);
        assertThat(listener.refusal).isEqualTo(Refusal.UPSTREAM_CONNECT_TIMEOUT);
        assertThat(app.isOpen()).isFalse();
        assertThat(prepared).isEmpty();
        assertThat(client.hasPendingTasks()).isFalse();
    }

    @Test
    void aConnectionThatWasMadeInTimeIsNotTimedAnyMore() {
        connect();
        pass(4_999);

        attempt.pending().setSuccess();

        assertThat(listener.connected).isSameAs(app);
        assertThat(prepared).containsExactly(app);
        pass(TimeUnit.DAYS.toMillis(1));
        assertThat(app.isOpen()).isTrue();
        assertThat(client.hasPendingTasks()).isFalse();
    }

    @Test
    void aConnectionThatIsMadeAtOnceIsNotTimedAtAll() {
        atOnce = true;

        connect();

        assertThat(listener.connected).isSameAs(app);
        assertThat(prepared).containsExactly(app);
        assertThat(client.hasPendingTasks()).isFalse();
    }

    @Test
    void anAppThatRefusesIsNotWaitedFor() {
        connect();

        attempt.pending().setFailure(new ConnectException());

        assertThat(listener.refusal).isEqualTo(Refusal.UPSTREAM_REFUSED);
        assertThat(client.hasPendingTasks()).isFalse();
    }

    @Test
    void withoutAFileThereIsNobodyToConnect() {
        noFiles = true;

        connect();

        assertThat(listener.refusal).isEqualTo(Refusal.UPSTREAM_REFUSED);
        assertThat(client.hasPendingTasks()).isFalse();
    }

    @Test
    void anAppThatBootsIsTriedAgainForAsLongAsWasSet() {
        connect("upstream.connect-retry=1s");

        for (int tries = 1; tries <= 10; tries++) {
            attempt.pending().setFailure(new ConnectException());
            assertThat(listener.isTold()).isFalse();
            pass(100);
            client.runPendingTasks();
            assertThat(attempts).isEqualTo(tries + 1);
        }
        attempt.pending().setFailure(new ConnectException());

        assertThat(listener.refusal).isEqualTo(Refusal.UPSTREAM_REFUSED);
        assertThat(client.hasPendingTasks()).isFalse();
    }

    @Test
    void forAClientThatIsGoneNothingIsTriedAgain() {
        connect("upstream.connect-retry=1s");
        listener.waiting = false;

        attempt.pending().setFailure(new ConnectException());

        assertThat(listener.refusal).isEqualTo(Refusal.UPSTREAM_REFUSED);
        assertThat(attempts).isEqualTo(1);
    }
}
