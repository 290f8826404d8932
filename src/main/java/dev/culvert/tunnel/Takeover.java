package dev.culvert.tunnel;

import dev.culvert.observation.TunnelInfo;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.SocketTakeover;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * Takes the client's channel from the HTTP server, and later from HTTP, without losing a byte. Below the server, since its
 * own way out of HTTP loses early bytes and half-closes. Event loop only; both steps run within one call.
 */
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
     * Second step, behind the 101: the client's socket leaves its channel, and what HTTP's decoders had not decoded becomes the
     * tunnel's first bytes.
     *
     * @param client whose channel has done its work
     * @param clientEnded whether the client's stream has ended already
     * @param app on the same event loop; nobody reads from it any more
     * @param answer what the client gets first; the tunnel's from now on
     * @param onEnd runs once when the tunnel has ended
     */
    public static void join(
            TunnelRegistry registry,
            Channel client,
            boolean clientEnded,
            TunnelSocket app,
            Answer answer,
            TunnelInfo info,
            Runnable onEnd) {
        Tunnel tunnel = registry.open(new Sides(SocketTakeover.of(client, clientEnded), app), info, onEnd);
        tunnel.toClient().precede(answer.head());
        if (answer.first().isReadable()) {
            tunnel.toClient().read(answer.first());
        } else {
            answer.first().release();
        }
        leaveHttp(client, tunnel.toApp());
        if (clientEnded) {
            tunnel.toApp().ended();
        }
        if (app.isEnded()) {
            tunnel.toClient().ended();
        }
        tunnel.toApp().begin();
        tunnel.toClient().begin();
    }

    private static void leaveHttp(Channel channel, Relay relay) {
        HeldBytes held = new HeldBytes(relay);
        channel.pipeline().addLast(held);
        strip(channel.pipeline(), List.of(held));
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

    /** Gives what a decoder held to the relay, also when the decoder is at work and gives it up when that is done. */
    private static final class HeldBytes extends ChannelInboundHandlerAdapter {
        private final Relay relay;

        HeldBytes(Relay relay) {
            this.relay = relay;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ByteBuf bytes) {
                relay.read(bytes);
            } else {
                ReferenceCountUtil.release(message); // the end of the HTTP message that the tunnel grew from
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            relay.readComplete();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            relay.failed(cause);
        }
    }
}
