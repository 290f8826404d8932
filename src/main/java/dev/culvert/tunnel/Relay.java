package dev.culvert.tunnel;

import dev.culvert.flow.Flow;
import dev.culvert.flow.Sink;
import dev.culvert.flow.SinkBacklog;
import dev.culvert.flow.Turn;
import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.SocketReader;
import io.netty.channel.epoll.TunnelSocket;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a tunnel: what its source sends goes to its sink, unchanged and in order. While something waits for the
 * sink, the source is not read; the end of the source's stream is passed on behind its last byte. The source's reader. Event
 * loop only.
 *
 * <p>In a drain it tells the sink that nothing more is to come ({@link #leave}): with a Close frame between two messages of
 * a WebSocket, with an end of stream otherwise.
 */
final class Relay implements SocketReader, Runnable {
    /** Bytes that are sent at once: so many do not wait for the others of their turn, nor keep their buffer so long. */
    private static final int MUCH = 16 << 10;

    private final TunnelSocket source;
    private final TunnelSocket target;
    private final Sink sink;
    private final Tunnel tunnel;
    private final Turn turn;
    private final SinkBacklog backlog;
    private final @Nullable Goodbye goodbye;
    private long bytes;
    private boolean sourceEnded;
    private boolean cut;
    private boolean done;

    /**
     * @param flow its bytes have part in it
     * @param frames of a WebSocket; null for any other protocol
     */
    Relay(TunnelSocket source, TunnelSocket target, Tunnel tunnel, Flow flow, @Nullable WebSocketFrames frames) {
        this.source = source;
        this.target = target;
        this.sink = new Sink(target);
        this.tunnel = tunnel;
        this.turn = flow.turn(source.eventLoop());
        this.backlog = new SinkBacklog(flow.backlog());
        this.goodbye = frames == null ? null : new Goodbye(frames, sink);
    }

    /** Payload bytes that came from the source. */
    long bytes() {
        return bytes;
    }

    /** Whether the sink was told of the end. */
    boolean isDone() {
        return done;
    }

    /** Whether the source's stream ended, and the sink was told. */
    boolean isOver() {
        return done && sourceEnded;
    }

    /** Whether the source ends the conversation by itself: with its stream, or with a Close frame. */
    boolean isEnding() {
        return sourceEnded || (goodbye != null && goodbye.isSaidBySource());
    }

    /** Whether the source's stream ended. */
    boolean sourceEnded() {
        return sourceEnded;
    }

    /** The end of the source's stream, seen here or, before the tunnel stood, by somebody else. */
    @Override
    public void ended() {
        if (sourceEnded) {
            return;
        }
        sourceEnded = true;
        tunnel.halfClosed(this);
        if (cut) {
            tunnel.directionDone();
        } else {
            finish();
        }
    }

    /** What is still queued when output is shut down is lost, so the end waits for the last byte. */
    private void finish() {
        sink.whenSent(() -> {
            if (!sourceEnded || !tunnel.endsWith(this)) {
                target.endOutput();
            } // else the close that follows sends the same FIN
            done = true;
            tunnel.directionDone();
        });
    }

    /**
     * Tells the sink that nothing more is to come, at the first place where that cuts no message. Behind a Close frame bytes
     * still pass; behind an end of stream there is nobody to give them to.
     */
    void leave() {
        if (goodbye == null || !goodbye.say()) {
            cut();
        }
    }

    private void cut() {
        cut = true;
        finish();
        source.resume(); // until the source's own end
    }

    /** Writes what comes before the tunnel's first byte, and is none of its payload. */
    void precede(ByteBuf head) {
        sink.write(head);
    }

    /** Reads from now on, and sends what came before with the others of this turn. */
    void begin() {
        source.setReader(this);
        turn.flushes().add(this);
        if (!source.isOpen()) {
            closed();
        }
    }

    /** Sends what was written, as much as the sink takes at once. */
    void flush() {
        sink.flush();
    }

    /** Sends what was written. While the sink does not take all of it, the source is not read. */
    @Override
    public void run() {
        sink.flush();
        long pending = sink.pending();
        if (pending > 0 && !cut) {
            source.pause();
            backlog.count(pending, sink.queue(), this::taken);
        }
    }

    private void taken() {
        if (!sourceEnded) {
            source.resume();
        }
    }

    @Override
    public ByteBuf buffer() {
        return turn.buffers().lend(backlog.share());
    }

    @Override
    public void read(ByteBuf payload) {
        if (cut) {
            payload.release();
            return;
        }
        int length = payload.readableBytes();
        boolean isMuch = length >= MUCH || !payload.isWritable();
        bytes += length;
        tunnel.touch();
        if (goodbye == null) {
            sink.write(payload);
        } else if (!goodbye.write(payload)) {
            cut();
        }
        if (isMuch) {
            run();
        }
    }

    @Override
    public void readComplete() {
        turn.flushes().add(this);
    }

    @Override
    public void closed() {
        tunnel.vanished(this);
    }

    @Override
    public void failed(Throwable cause) {
        tunnel.failed(this, cause);
    }
}
