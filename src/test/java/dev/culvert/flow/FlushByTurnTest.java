package dev.culvert.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Turns of an event loop are played by hand: what it was given to run is run where a turn ends. */
class FlushByTurnTest {
    private static final int HIGH = 200;

    private final FlushCount socket = new FlushCount();
    private final Queue<Runnable> given = new ArrayDeque<>();
    private final FlushByTurn byTurn = new FlushByTurn(new Flushes(given::add));
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, byTurn);

    /** Counts the flushes that reach the socket. */
    private static final class FlushCount extends ChannelOutboundHandlerAdapter {
        private int flushes;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            flushes++;
            ctx.flush();
        }
    }

    private void send(int bytes) {
        channel.pipeline().write(Unpooled.wrappedBuffer(new byte[bytes]));
        channel.pipeline().flush();
    }

    private void endTurn() {
        for (Runnable task = given.poll(); task != null; task = given.poll()) {
            task.run();
        }
    }

    @Test
    void whatIsSentInATurnIsFlushedOnceAtItsEnd() {
        send(1);
        send(1);
        assertThat(socket.flushes).isZero();

        endTurn();

        assertThat(socket.flushes).isOne();
        assertThat(channel.outboundMessages()).hasSize(2);
    }

    @Test
    void aCloseComesBehindWhatWasSent() {
        send(1);

        channel.pipeline().close();

        assertThat(channel.outboundMessages()).hasSize(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whoTakesTheChannelOverFindsNothingUnsent() {
        send(1);

        channel.pipeline().remove(byTurn);

        assertThat(channel.outboundMessages()).hasSize(1);
        endTurn();
        assertThat(socket.flushes).isOne();
    }

    @Test
    void muchIsSentAtOnce() {
        send(1);
        send(4096);

        assertThat(socket.flushes).isOne();
        assertThat(channel.outboundMessages()).hasSize(2);
        endTurn();
        assertThat(socket.flushes).isOne();
    }

    @Test
    void whatFillsTheChannelIsSentAtOnce() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(HIGH / 2, HIGH));

        send(HIGH);

        assertThat(channel.outboundMessages()).hasSize(1);
        assertThat(channel.isWritable()).isTrue();
    }

    @Test
    void aFullChannelDoesNotWaitForTheEndOfTheTurn() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(HIGH / 2, HIGH));
        send(1);
        assertThat(socket.flushes).isZero();

        channel.pipeline().write(Unpooled.wrappedBuffer(new byte[HIGH]));

        assertThat(channel.outboundMessages()).hasSize(2);
        assertThat(channel.isWritable()).isTrue();
    }
}
