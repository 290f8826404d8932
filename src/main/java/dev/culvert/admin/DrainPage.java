package dev.culvert.admin;

import dev.culvert.lifecycle.Drain;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;

/**
 * {@code POST /drain} begins the drain, again and again the same one; {@code GET /drain} tells how far it is. 202 while it is
 * under way, 200 otherwise. For this host alone: the admin port is open to the kubelet, and so to the cluster.
 */
@Singleton
final class DrainPage {
    private final Drain drain;

    DrainPage(Drain drain) {
        this.drain = drain;
    }

    void route(@Observes Router router) {
        router.route("/drain").method(HttpMethod.POST).method(HttpMethod.GET).handler(this::answer);
    }

    private void answer(RoutingContext context) {
        if (!isFromThisHost(context.request())) {
            context.response()
                    .setStatusCode(HttpResponseStatus.FORBIDDEN.code())
                    .end("culvert: a drain is begun from the pod itself: culvert drain\n");
            return;
        }
        if (context.request().method().equals(HttpMethod.POST)) {
            drain.begin();
        }
        Drain.State state = drain.state();
        HttpResponseStatus status = state == Drain.State.DRAINING ? HttpResponseStatus.ACCEPTED : HttpResponseStatus.OK;
        context.response()
                .setStatusCode(status.code())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(new JsonObject()
                        .put("state", state.label())
                        .put("tunnels", drain.tunnels())
                        .put("left_ms", drain.left().toMillis())
                        .encode());
    }

    /** Over loopback, or over an address of our own, which nobody else can send from. */
    private static boolean isFromThisHost(HttpServerRequest request) {
        SocketAddress peer = request.connection().remoteAddress(false);
        SocketAddress own = request.connection().localAddress(false);
        return peer != null
                && peer.hostAddress() != null
                && (new InetSocketAddress(peer.hostAddress(), 0).getAddress().isLoopbackAddress()
                        || (own != null && peer.hostAddress().equals(own.hostAddress())));
    }
}
