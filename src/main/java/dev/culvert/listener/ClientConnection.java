package dev.culvert.listener;

import dev.culvert.RefusedException;
import dev.culvert.observation.AccessLog;
import dev.culvert.tunnel.Takeover;
import dev.culvert.tunnel.TunnelSockets;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The client's channel while it is ours and still speaks HTTP.
 *
 * @param channel accepted by the HTTP server
 * @param decoder its first handler
 * @param route its handler behind the decoder
 */
record ClientConnection(Channel channel, GuardedRequestDecoder decoder, RequestRoute route) {
    /** The peer's IP address; null where it has none. */
    static @Nullable InetAddress address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer ? peer.getAddress() : null;
    }

    /** The peer as a log line names it. */
    String name() {
        return channel.remoteAddress() instanceof InetSocketAddress peer
                ? peer.getAddress().getHostAddress() + ":" + peer.getPort()
                : "unix";
    }

    /** Takes the channel from the HTTP server. */
    void takeOver(TunnelSockets sockets) {
        Takeover.fromServer(channel, sockets, decoder, route);
    }

    /** Answers with HTTP objects from now on. */
    void speakHttp(HttpMethod method) {
        channel.pipeline().addBefore(channel.pipeline().context(route).name(), "answers", new AnswerEncoder(method));
    }

    /** Answers with a refusal, logs it, and closes. */
    void refuse(@Nullable HttpRequest request, RefusedException why, AccessLog log) {
        log.refused(name(), request == null ? "" : request.uri(), why.refusal(), why.detail());
        decoder.discard();
        if (why.refusal().status() == 0) {
            channel.pipeline().firstContext().close();
            return;
        }
        boolean withBody = request == null || !request.method().equals(HttpMethod.HEAD);
        channel.pipeline().firstContext().write(RefusalAnswer.of(why, withBody, channel.alloc()));
        LingeringClose.of(channel);
    }

    /** Closes, whatever the HTTP server behind has to say. */
    void close() {
        channel.pipeline().context(route).close();
    }

    /** Closes so that the client cannot take what it got for the whole: with a reset. */
    void reset() {
        closeWithReset();
        channel.close();
    }

    /** Makes the coming close a reset. */
    void closeWithReset() {
        TunnelSockets.closeWithReset(channel);
    }

    /** Knows that an answer to HEAD has no body, whatever its fields say. */
    private static final class AnswerEncoder extends HttpResponseEncoder {
        private final HttpMethod method;

        AnswerEncoder(HttpMethod method) {
            this.method = method;
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpResponse message) {
            return method.equals(HttpMethod.HEAD) || super.isContentAlwaysEmpty(message);
        }
    }
}
