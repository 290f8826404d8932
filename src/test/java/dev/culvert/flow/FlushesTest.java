package dev.culvert.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Turns of an event loop are played by hand: what it was given to run is run where a turn ends. */
class FlushesTest {
    private final Queue<Runnable> given = new ArrayDeque<>();
    private final Flushes flushes = new Flushes(given::add);

    private static List<EmbeddedChannel> sinks(int count) {
        return Stream.generate(EmbeddedChannel::new).limit(count).toList();
    }

    private void write(EmbeddedChannel sink) {
        sink.write(Unpooled.copiedBuffer(new byte[] {1}));
        flushes.add(sink::flush);
    }

    private void endTurn() {
        for (Runnable task = given.poll(); task != null; task = given.poll()) {
            task.run();
        }
    }

    private static long sent(List<EmbeddedChannel> sinks) {
        return sinks.stream().mapToLong(sink -> sink.outboundMessages().size()).sum();
    }

    @Test
    void whatIsWrittenInATurnGoesOutAtItsEnd() {
        List<EmbeddedChannel> sinks = sinks(3);

        sinks.forEach(this::write);
        assertThat(sent(sinks)).isZero();
        endTurn();

        assertThat(sent(sinks)).isEqualTo(3);
    }

    @Test
    void nobodyWaitsForMoreThanSixtyFourReads() {
        List<EmbeddedChannel> sinks = sinks(65);

        sinks.forEach(this::write);

        assertThat(sent(sinks)).isEqualTo(64);
        endTurn();
        assertThat(sent(sinks)).isEqualTo(65);
    }

    @Test
    void behindATurnWithOneTheNextGoOutAtOnceForAWhile() {
        List<EmbeddedChannel> one = sinks(1);
        write(one.get(0));
        endTurn();

        for (int next = 2; next <= 16; next++) {
            write(one.get(0));
            assertThat(sent(one)).isEqualTo(next);
            assertThat(given).isEmpty();
        }

        List<EmbeddedChannel> many = sinks(2);
        many.forEach(this::write);
        assertThat(sent(many)).isZero();
        endTurn();
        assertThat(sent(many)).isEqualTo(2);
        write(many.get(0));
        assertThat(sent(many))
                .as("a turn with two does not make the next one hasty")
                .isEqualTo(2);
    }

    /** A client takes its answer, which lets its next request in, which goes to the app. */
    @Test
    void aSendThatAddsAnotherLosesNone() {
        List<EmbeddedChannel> sinks = sinks(65);
        EmbeddedChannel next = sinks.get(64);
        flushes.add(() -> write(next));
        sinks.subList(0, 64).forEach(this::write);

        endTurn();

        assertThat(sent(sinks)).isEqualTo(65);
    }

    @Test
    void aSendThatFailsKeepsNoOtherBack() {
        List<EmbeddedChannel> sinks = sinks(2);
        write(sinks.get(0));
        flushes.add(() -> {
            throw new IllegalStateException("played by a test");
        });
        flushes.add(() -> {
            throw new LinkageError("played by a test");
        });
        write(sinks.get(1));

        endTurn();

        assertThat(sent(sinks)).isEqualTo(2);
    }
}
