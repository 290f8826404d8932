package dev.culvert.plain;

import dev.culvert.config.UpstreamSettings;
import dev.culvert.upstream.UpstreamAddress;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.proxy.handler.ProxyHandler;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyOptions;
import io.vertx.httpproxy.ProxyRequest;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Everything that is no upgrade: vertx-web-proxy towards the app. Requests come with their fields already fit for the app;
 * nothing is decided on the path.
 */
public final class PlainRoute implements Handler<HttpServerRequest> {
    private static final Logger LOG = Logger.getLogger(PlainRoute.class);

    private final Vertx vertx;
    private final BelowVertx below;
    private final AppPool pool;
    private final HttpProxy proxy;
    private final Router router;

    /**
     * @param vertx the traffic's; connections to the app live on the event loop that asks for them, if one asks alone
     * @param prepare sets a connection to the app before its first read
     */
    public PlainRoute(
            Vertx vertx,
            UpstreamAddress upstream,
            UpstreamSettings settings,
            BelowVertx below,
            Consumer<Channel> prepare) {
        this.vertx = vertx;
        this.below = below;
        this.pool = new AppPool(vertx, upstream, settings, below, prepare);
        this.proxy = HttpProxy.reverseProxy(new ProxyOptions().setSupportWebSocket(false), pool.client())
                .origin(this::open)
                .addInterceptor(new PlainInterceptor(vertx));
        this.router = Router.router(vertx);
        router.route().handler(ProxyHandler.create(proxy));
    }

    /** Closes all connections to the app at once. */
    public void close() {
        pool.close();
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (request.uri().startsWith("/")) {
            router.handle(request);
        } else {
            proxy.handle(request); // a router has no route for "OPTIONS *"
        }
    }

    private Future<HttpClientRequest> open(ProxyContext context) {
        HttpServerRequest request = context.request().proxiedRequest();
        return pool.open(request, PlainInterceptor.isSentAgain(context))
                .compose(opened -> prepare(context, request, opened));
    }

    private Future<HttpClientRequest> prepare(
            ProxyContext context, HttpServerRequest request, HttpClientRequest opened) {
        AppConnection connection = below.channel(opened.connection()).pipeline().get(AppConnection.class);
        AppExchange exchange = new AppExchange(request, below.channel(request.connection()), connection);
        context.set(AppExchange.NAME, exchange);
        opened.exceptionHandler(PlainRoute::ended);
        opened.response().onSuccess(answer -> answer.exceptionHandler(PlainRoute::ended));
        if (request.response().closed()) {
            exchange.abort(); // those that leave later are noticed by the handler below
            return Future.failedFuture("the client is gone");
        }
        request.response().closeHandler(gone -> exchange.abort());
        fill(context.request(), request.headers(), opened.headers());
        if (PlainInterceptor.isSentAgain(context)) {
            opened.headers()
                    .remove("TE"); // its option has no place: Vert.x sets Connection to close, and to nothing else
        }
        vertx.getOrCreateContext().runOnContext(filled -> sendHeadFirst(request, opened));
        return Future.succeededFuture(opened);
    }

    /**
     * The fields as they came, in their order. Nothing is left for the library to add: it would write Host itself and move
     * the length of a body to the end, so it is not told of one.
     */
    private static void fill(ProxyRequest library, MultiMap client, MultiMap app) {
        client.forEach(field -> {
            if (!field.getKey().equalsIgnoreCase("Connection")) {
                app.add(field.getKey(), field.getValue());
            }
        });
        if (client.contains("TE")) {
            app.set("Connection", "TE"); // RFC 9110 §10.1.4: a sender of TE MUST also send the option
        }
        library.headers().clear();
        if (library.getBody() != null) {
            library.setBody(Body.body(library.getBody().stream()));
        }
    }

    /** Whoever ends a connection in the middle does so for its own reasons: nothing that an operator must act on. */
    static void ended(Throwable fault) {
        LOG.debugf("A plain exchange ended early: %s", fault.getMessage());
    }

    /** The library sends the head with the body's first byte; the app may want to answer, or the client to wait, before. */
    private static void sendHeadFirst(HttpServerRequest request, HttpClientRequest opened) {
        if (!request.isEnded() && request.bytesRead() == 0) {
            opened.sendHead();
        }
    }
}
