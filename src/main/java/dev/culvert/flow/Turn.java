package dev.culvert.flow;

import io.netty.channel.EventLoop;

/**
 * What the tunnels of an event loop share. Event loop only.
 *
 * @param flushes what is sent by the end of a turn
 * @param buffers what is read into, and sent by then
 */
public record Turn(Flushes flushes, TurnBuffers buffers) {
    static Turn of(EventLoop eventLoop) {
        return new Turn(new Flushes(eventLoop), new TurnBuffers());
    }
}
