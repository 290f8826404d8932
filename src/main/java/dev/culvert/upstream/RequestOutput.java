package dev.culvert.upstream;

import dev.culvert.flow.Flow;
import dev.culvert.flow.Flushes;
import dev.culvert.flow.Sink;
import dev.culvert.flow.SinkBacklog;
import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.handler.codec.http.HttpContent;

/** A request on its way into the app's socket: by turns, and a body as fast as the app takes it. Event loop only. */
final class RequestOutput implements Runnable {
    private final Flushes flushes;
    private final Sink sink;
    private final SinkBacklog backlog;
    private final Runnable taken;
    private BodyFraming framing = BodyFraming.AS_IT_IS;
    private boolean due;

    /**
     * @param flow what waits for the app has part in it
     * @param taken runs when the app, or nobody any more, waits for what {@link #body} said it does not take
     */
    RequestOutput(TunnelSocket app, Flow flow, Runnable taken) {
        this.flushes = flow.turn(app.eventLoop()).flushes();
        this.sink = new Sink(app);
        this.backlog = new SinkBacklog(flow.backlog());
        this.taken = taken;
    }

    /**
     * Writes the head, which is sent by the end of the turn.
     *
     * @param bytes the output's from now on
     * @param body how the request's body is to be written
     */
    void head(ByteBuf bytes, BodyFraming body) {
        framing = body;
        write(bytes);
    }

    /**
     * Writes a piece of the body, or its end.
     *
     * @param content released
     * @return whether the app takes more for now
     */
    boolean body(HttpContent content) {
        boolean empty = !content.content().isReadable();
        framing.write(content, this::write);
        if (empty) {
            return true;
        }
        sink.flush();
        if (sink.pending() > 0) {
            backlog.count(sink.pending(), sink.queue(), taken);
        }
        return sink.pending() == 0; // counting tries once more
    }

    /** Sends what was written; what the app does not take at once follows when it does. */
    @Override
    public void run() {
        due = false;
        sink.flush();
    }

    private void write(ByteBuf bytes) {
        boolean any = bytes.isReadable();
        sink.write(bytes);
        if (any && !due) {
            due = true;
            flushes.add(this);
        }
    }
}
