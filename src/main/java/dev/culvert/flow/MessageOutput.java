package dev.culvert.flow;

import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.handler.codec.http.HttpContent;

/** A message on its way into a socket: by turns, and a body as fast as the peer takes it. Event loop only. */
public final class MessageOutput implements Runnable {
    private final Flushes flushes;
    private final Sink sink;
    private final SinkBacklog backlog;
    private final Runnable taken;
    private BodyFraming framing = BodyFraming.AS_IT_IS;
    private boolean due;

    /**
     * @param flow what waits for the peer has part in it
     * @param taken runs when the peer, or nobody any more, waits for what {@link #body} said it does not take
     */
    public MessageOutput(TunnelSocket socket, Flow flow, Runnable taken) {
        this.flushes = flow.turn(socket.eventLoop()).flushes();
        this.sink = new Sink(socket);
        this.backlog = new SinkBacklog(flow.backlog());
        this.taken = taken;
    }

    /**
     * Writes the head, which is sent by the end of the turn.
     *
     * @param bytes the output's from now on
     * @param body how the message's body is to be written
     */
    public void head(ByteBuf bytes, BodyFraming body) {
        framing = body;
        write(bytes);
    }

    /**
     * Writes a piece of the body, or its end.
     *
     * @param content released
     * @return whether the peer takes more for now
     */
    public boolean body(HttpContent content) {
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

    /** Sends what was written; what the peer does not take at once follows when it does. */
    @Override
    public void run() {
        due = false;
        sink.flush();
    }

    /** The socket: what is written to it now comes behind. */
    public TunnelSocket queue() {
        return sink.queue();
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
