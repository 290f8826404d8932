package dev.culvert.listener;

import dev.culvert.RefusedException;
import dev.culvert.handshake.UpgradeRequest;
import dev.culvert.handshake.UpstreamHead;
import dev.culvert.handshake.UpstreamSwitch;
import dev.culvert.upstream.UpstreamClient;
import dev.culvert.upstream.UpstreamExchange;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * Asks the app for a WebSocket, as a client of its own would, and closes it again: whether its upgrades work, not only its
 * port. Takes the way that every upgrade takes from here on. Event loop only.
 */
final class UpgradeProbe implements UpstreamClient {
    private static final UpgradeRequest WEBSOCKET = new UpgradeRequest(List.of("websocket"), List.of());
    private static final int KEY_BYTES = 16;

    /** RFC 6455 §5.5.1: Close with status 1000, under a mask of zeros. */
    private static final byte[] CLOSE = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 1000 >> Byte.SIZE, (byte) 1000};

    private final Rooms rooms;
    private final String authority;

    /** @param authority Host for the app: what a client would write that calls it directly */
    UpgradeProbe(Rooms rooms, String authority) {
        this.rooms = rooms;
        this.authority = authority;
    }

    /**
     * Asks on a connection of its own.
     *
     * @param app connected, without a reader; closed in any case
     * @param path origin-form target
     * @return fails with a {@link dev.culvert.RefusedException} unless the app switches as RFC 6455 §4.1 asks for
     */
    Future<Void> ask(TunnelSocket app, String path) {
        HttpRequest request = request(path);
        UpstreamExchange exchange =
                new UpstreamExchange(app, this, rooms.settings().upstream().handshakeTimeout(), rooms.flow());
        Future<HttpResponse> answer = exchange.send(request, UpstreamHead.ofOurOwn(request));
        exchange.sendBody(LastHttpContent.EMPTY_LAST_CONTENT);
        return answer.map(head -> {
                    UpstreamSwitch.require(WEBSOCKET, request.headers(), head);
                    exchange.release().release();
                    LingeringClose.of(app, Unpooled.wrappedBuffer(CLOSE));
                    return (Void) null;
                })
                .onFailure(why -> exchange.abort());
    }

    private HttpRequest request(String path) {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key); // not a constant: a native image would keep its seed
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
        request.headers()
                .set("Host", authority)
                .set("Connection", "Upgrade")
                .set("Upgrade", "websocket")
                .set("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(key))
                .set("Sec-WebSocket-Version", "13");
        return request;
    }

    @Override
    public void interim(HttpResponse answer) {}

    @Override
    public void body(HttpContent content) {
        content.release();
    }

    @Override
    public void truncated(RefusedException why) {}

    @Override
    public void appWritable(boolean writable) {}
}
