package dev.culvert.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a connection without a request is allowed to wait; the clock is the test's. */
class HeaderDeadlineTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> events = new ArrayList<>();
    private final HeaderDeadline deadline = deadline(Duration.ofSeconds(60));

    private HeaderDeadline deadline(Duration idle) {
        channel.freezeTime();
        return new HeaderDeadline(
                channel.eventLoop(), Duration.ofSeconds(10), idle, () -> events.add("late"), () -> events.add("idle"));
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void aHeadThatIsDueIsLateAfterItsTime() {
        deadline.headDue();

        pass(9);
        assertThat(events).isEmpty();
        pass(1);
        assertThat(events).containsExactly("late");
    }

    @Test
    void theClockOfAHeadStartsWithItsFirstByteAndNoOtherByteMovesIt() {
        deadline.headDue();
        pass(9);
        deadline.headByte();
        pass(9);
        deadline.headByte();
        assertThat(events).isEmpty();

        pass(1);
        assertThat(events).containsExactly("late");
    }

    @Test
    void eachHeadHasAClockOfItsOwn() {
        deadline.headByte();
        pass(9);
        deadline.stop();
        deadline.headByte();
        pass(9);
        assertThat(events).isEmpty();

        pass(1);
        assertThat(events).containsExactly("late");
    }

    @Test
    void aHeadThatIsCompleteIsNeverLate() {
        deadline.headDue();
        deadline.stop();

        pass(1000);
        assertThat(events).isEmpty();
    }

    @Test
    void aConnectionThatWaitsIsIdleAfterItsTimeUnlessAHeadBegins() {
        deadline.waiting();
        pass(59);
        deadline.headByte();
        pass(9);
        assertThat(events).isEmpty();
        deadline.stop();

        deadline.waiting();
        pass(60);
        assertThat(events).containsExactly("idle");
    }

    @Test
    void zeroIsForEver() {
        deadline(Duration.ZERO).waiting();

        pass(1_000_000);
        assertThat(events).isEmpty();
    }
}
