package dev.culvert.listener;

import static java.util.Objects.requireNonNull;

import dev.culvert.RefusedException;
import dev.culvert.handshake.UpgradeRequest;
import dev.culvert.handshake.UpstreamHead;
import dev.culvert.handshake.UpstreamSwitch;
import dev.culvert.upstream.ConnectListener;
import dev.culvert.upstream.UpstreamClient;
import dev.culvert.upstream.UpstreamExchange;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the app for a WebSocket, as a client of its own would, and closes it again: whether its upgrades work, not only its
 * port. Takes the way that every upgrade takes from here on. Event loop only.
 */
final class UpgradeProbe implements ConnectListener<TunnelSocket>, UpstreamClient {
    private static final UpgradeRequest WEBSOCKET = new UpgradeRequest(List.of("websocket"), List.of());
    private static final int KEY_BYTES = 16;

    /** RFC 6455 §5.5.1: Close with status 1000, under a mask of zeros. */
    private static final byte[] CLOSE = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 1000 >> Byte.SIZE, (byte) 1000};

    private final Rooms rooms;
    private final HttpRequest request;
    private final Promise<Void> switched = Promise.promise();
    private @Nullable UpstreamExchange exchange;

    /**
     * @param authority Host for the app: what a client would write that calls it directly
     * @param path origin-form target
     */
    UpgradeProbe(Rooms rooms, String authority, String path) {
        this.rooms = rooms;
        this.request = request(authority, path);
    }

    /**
     * Asks once, on a connection of its own.
     *
     * @return fails with a {@link RefusedException} unless the app switches as RFC 6455 §4.1 asks for
     */
    Future<Void> ask(EventLoop eventLoop) {
        eventLoop.execute(() -> rooms.upstream().connect(eventLoop, this));
        return switched.future();
    }

    @Override
    public boolean isWaiting() {
        return false;
    }

    @Override
    public void connected(TunnelSocket app) {
        try {
            UpstreamExchange opened = rooms.exchange(app, this);
            exchange = opened;
            opened.send(request, UpstreamHead.ofOurOwn(request));
            opened.sendBody(LastHttpContent.EMPTY_LAST_CONTENT);
        } catch (RuntimeException | Error fault) {
            app.close();
            switched.tryFail(fault);
        }
    }

    @Override
    public void answered(HttpResponse head) {
        UpstreamExchange over = requireNonNull(exchange);
        try {
            UpstreamSwitch.require(WEBSOCKET, request.headers(), head);
            over.release().release();
            LingeringClose.of(over.socket(), Unpooled.wrappedBuffer(CLOSE));
            switched.complete();
        } catch (RuntimeException | Error why) { // no such switch, or a fault
            over.abort();
            switched.tryFail(why);
        }
    }

    @Override
    public void failed(RefusedException why) {
        switched.tryFail(why);
    }

    private static HttpRequest request(String authority, String path) {
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
    public void appWritable(boolean writable) {}
}
