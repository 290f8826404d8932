package dev.culvert.listener;

import dev.culvert.RefusedException;
import dev.culvert.observation.AccessLog;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The client's socket while it still speaks HTTP and has no channel.
 *
 * @param socket what the client's bytes come from
 * @param decoder what becomes of them
 * @param peer whoever is connected to us
 */
record ClientSocket(TunnelSocket socket, RequestDecoder decoder, InetSocketAddress peer) {
    /** The peer's IP address. */
    InetAddress address() {
        return peer.getAddress();
    }

    /** The peer as a log line names it. */
    String name() {
        return peer.getAddress().getHostAddress() + ":" + peer.getPort();
    }

    /** Whether more is to be read from the socket. */
    void reading(boolean on) {
        if (on) {
            socket.resume();
        } else {
            socket.pause();
        }
    }

    /** Answers with a refusal, logs it, and closes. */
    void refuse(@Nullable HttpRequest request, RefusedException why, AccessLog log) {
        log.refused(name(), request == null ? "" : request.uri(), why.refusal(), why.detail());
        if (why.refusal().status() == 0) {
            close();
            return;
        }
        decoder.discard();
        boolean withBody = request == null || !request.method().equals(HttpMethod.HEAD);
        LingeringClose.of(socket, RefusalAnswer.of(why, withBody, PooledByteBufAllocator.DEFAULT));
    }

    /** Closes at once. */
    void close() {
        decoder.discard();
        socket.close();
    }

    /** Closes so that the client cannot take what it got for the whole: with a reset. */
    void reset() {
        socket.closeWithReset();
        close();
    }
}
