package dev.culvert.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.CloseReason;
import dev.culvert.config.TestSettings;
import dev.culvert.config.TunnelSettings;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a tunnel is ended by the clock; the clock is the test's. */
class TunnelTimersTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<CloseReason> ends = new ArrayList<>();
    private long now;

    private TunnelTimers timers(String... settings) {
        channel.freezeTime();
        return new TunnelTimers(channel.eventLoop(), settings(settings), () -> now, ends::add);
    }

    private static TunnelSettings settings(String... settings) {
        return TestSettings.of(settings).tunnel();
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void silenceOfTheIdleTimeoutEndsATunnel() {
        timers("tunnel.idle-timeout=10s");

        pass(9_999);
        assertThat(ends).isEmpty();
        pass(1);
        assertThat(ends).containsExactly(CloseReason.IDLE);
    }

    @Test
    void aByteBeginsTheIdleTimeAnew() {
        TunnelTimers timers = timers("tunnel.idle-timeout=10s");

        pass(9_000);
        timers.touch();
        pass(9_999);
        assertThat(ends).isEmpty();
        pass(1);
        assertThat(ends).containsExactly(CloseReason.IDLE);
    }

    @Test
    void withoutAnyLimitNothingIsScheduled() {
        timers("tunnel.linger=0").halfClosed();

        assertThat(channel.hasPendingTasks()).isFalse();
        pass(TimeUnit.DAYS.toMillis(400));
        assertThat(ends).isEmpty();
    }

    @Test
    void lingerBeginsWithTheHalfClose() {
        TunnelTimers timers = timers("tunnel.linger=5s");

        pass(60_000);
        timers.halfClosed();
        pass(4_999);
        assertThat(ends).isEmpty();
        pass(1);
        assertThat(ends).containsExactly(CloseReason.LINGER);
    }

    @Test
    void bytesOfTheOtherDirectionKeepAHalfClosedTunnelOpen() {
        TunnelTimers timers = timers("tunnel.linger=5s");
        timers.halfClosed();

        for (int i = 0; i < 10; i++) {
            pass(4_000);
            timers.touch();
        }
        assertThat(ends).isEmpty();
    }

    @Test
    void aShorterIdleTimeoutGoesBeforeTheLingerTime() {
        TunnelTimers timers = timers("tunnel.linger=5s", "tunnel.idle-timeout=2s");
        timers.halfClosed();

        pass(2_000);
        assertThat(ends).containsExactly(CloseReason.IDLE);
    }

    @Test
    void aLifetimeEndsWithinATenthOfWhatWasSetHoweverBusy() {
        TunnelTimers timers = timers("tunnel.max-lifetime=100s");

        pass(89_999);
        timers.touch();
        assertThat(ends).isEmpty();
        pass(20_002);
        assertThat(ends).containsExactly(CloseReason.LIFETIME);
    }

    @Test
    void lifetimesOfTunnelsThatOpenedTogetherDiffer() {
        List<Long> lifetimes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            EmbeddedChannel own = new EmbeddedChannel();
            own.freezeTime();
            new TunnelTimers(own.eventLoop(), settings("tunnel.max-lifetime=100s"), () -> 0, ends::add);
            lifetimes.add(own.runScheduledPendingTasks());
        }

        assertThat(lifetimes.stream().distinct().count()).isGreaterThan(40);
    }

    @Test
    void aStoppedClockEndsNothing() {
        timers("tunnel.idle-timeout=1s", "tunnel.max-lifetime=1s").stop();

        pass(10_000);
        assertThat(ends).isEmpty();
    }
}
