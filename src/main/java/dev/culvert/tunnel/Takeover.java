package dev.culvert.tunnel;

import dev.culvert.observation.TunnelInfo;
import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.TunnelSocket;

/** Takes two sockets from HTTP, behind a 101, without losing a byte. Event loop only; within one call. */
public final class Takeover {
    private Takeover() {}

    /**
     * The app's, as the client gets it.
     *
     * @param head of the 101
     * @param first what came behind it, perhaps nothing
     */
    public record Answer(ByteBuf head, ByteBuf first) {}

    /**
     * Joins them.
     *
     * @param client nobody else reads from it any more, as soon as this returns
     * @param early what the client sent behind its request, perhaps nothing; the tunnel's from now on
     * @param app on the same event loop; nobody else reads from it any more
     * @param answer what the client gets first; the tunnel's from now on
     * @param onEnd runs once when the tunnel has ended
     */
    public static void join(
            TunnelRegistry registry,
            TunnelSocket client,
            ByteBuf early,
            TunnelSocket app,
            Answer answer,
            TunnelInfo info,
            Runnable onEnd) {
        Tunnel tunnel = registry.open(new Sides(client, app), info, onEnd);
        client.resume();
        tunnel.toClient().precede(answer.head());
        begin(tunnel.toApp(), early, client.isEnded());
        begin(tunnel.toClient(), answer.first(), app.isEnded());
    }

    private static void begin(Relay relay, ByteBuf first, boolean ended) {
        if (first.isReadable()) {
            relay.read(first);
        } else {
            first.release();
        }
        if (ended) {
            relay.ended();
        }
        relay.begin();
    }
}
