package dev.culvert.tunnel;

import dev.culvert.observation.TunnelInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.List;

/**
 * Takes the client's channel from the HTTP server, and later from HTTP, without losing a byte. Below the server, since its
 * own way out of HTTP loses early bytes and half-closes. Event loop only; both steps run within one call.
 */
public final class Takeover {
    private Takeover() {}

    /**
     * First step, when a request turns out to be an upgrade or to be refused: the HTTP server's handlers leave the pipeline
     * and hear of this connection no more.
     *
     * @param client accepted by the HTTP server
     * @param sockets how to set it
     * @param kept the decoder and the journey, which stay
     */
    public static void fromServer(Channel client, TunnelSockets sockets, ChannelHandler... kept) {
        client.flush(); // the server writes first and flushes when a read is over, which it will not hear of
        strip(client.pipeline(), List.of(kept));
        sockets.prepare(client);
    }

    /**
     * Second step, behind the 101: what HTTP left on both channels goes, and what its decoders had not decoded becomes the
     * tunnel's first bytes.
     *
     * @param channels both on this event loop; the 101 is written to the client
     * @param clientEnded whether the client's stream has ended already
     * @param onEnd runs once when the tunnel has ended
     */
    public static void join(
            TunnelRegistry registry, Sides channels, TunnelInfo info, boolean clientEnded, Runnable onEnd) {
        Tunnel tunnel = registry.open(channels, info, onEnd);
        removeEncoder(channels.client().pipeline());
        channels.app().pipeline().addLast(tunnel.toClient());
        channels.client().pipeline().addLast(tunnel.toApp());
        strip(channels.app().pipeline(), List.of(tunnel.toClient()));
        strip(channels.client().pipeline(), List.of(tunnel.toApp()));
        if (clientEnded) {
            tunnel.toApp().endOfStream();
        }
        if (((DuplexChannel) channels.app()).isInputShutdown()) {
            tunnel.toClient().endOfStream(); // it was found while the bytes behind the 101 waited
        }
        tunnel.toApp().begin();
        tunnel.toClient().begin();
    }

    /** The 101 is out: to its encoder the tunnel's first bytes would be its content, which it drops where there is none. */
    private static void removeEncoder(ChannelPipeline client) {
        if (client.get(HttpResponseEncoder.class) != null) {
            client.remove(HttpResponseEncoder.class);
        }
    }

    /** The last handler first: a decoder replays what it holds to whoever comes behind it, which is to be the relay. */
    private static void strip(ChannelPipeline pipeline, List<ChannelHandler> kept) {
        List<String> names = pipeline.names();
        for (int i = names.size() - 1; i >= 0; i--) {
            ChannelHandler handler = pipeline.get(names.get(i)); // null for the pipeline's own tail
            if (handler != null && !kept.contains(handler)) {
                pipeline.remove(handler);
            }
        }
    }
}
