package dev.culvert.plain;

import dev.culvert.config.UpstreamSettings;
import dev.culvert.upstream.UpstreamAddress;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.proxy.handler.ProxyHandler;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyOptions;
import org.jboss.logging.Logger;

/**
 * Everything that is no upgrade: vertx-web-proxy towards the app. Requests come with their fields already fit for the app;
 * nothing is decided on the path.
 */
public final class PlainRoute implements Handler<HttpServerRequest> {
    /**
     * Connections to the app at once, for each event loop. The app decides what is too much, not a pool: a request that
     * waits for a place behind long polls is a request that never comes back.
     */
    private static final int POOL_SIZE = 10_000;

    /**
     * How long an idle connection to the app is kept. Node.js closes after 5 seconds; whoever keeps longer sends requests
     * into connections that are just being closed.
     */
    private static final int KEEP_ALIVE_SECONDS = 4;

    private static final int MAX_ANSWER_HEAD_BYTES = 64 << 10;

    private static final Logger LOG = Logger.getLogger(PlainRoute.class);

    private final Vertx vertx;
    private final HttpClient client;
    private final SocketAddress app;
    private final HttpProxy proxy;
    private final Router router;

    /** @param vertx the traffic's; connections to the app live on the event loop that asks for them */
    public PlainRoute(Vertx vertx, UpstreamAddress upstream, UpstreamSettings settings) {
        this.vertx = vertx;
        this.app = upstream.isUnixSocket()
                ? SocketAddress.domainSocketAddress(upstream.url().path())
                : SocketAddress.inetSocketAddress((java.net.InetSocketAddress) upstream.socketAddress());
        this.client = vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setConnectTimeout(
                                Math.toIntExact(settings.connectTimeout().toMillis()))
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setMaxHeaderSize(MAX_ANSWER_HEAD_BYTES)
                        .setMaxInitialLineLength(MAX_ANSWER_HEAD_BYTES)
                        .setDecompressionSupported(false))
                .with(new PoolOptions().setHttp1MaxSize(POOL_SIZE))
                .withConnectHandler(connection -> connection.exceptionHandler(PlainRoute::ended))
                .build();
        this.proxy = HttpProxy.reverseProxy(new ProxyOptions().setSupportWebSocket(false), client)
                .origin(this::open)
                .addInterceptor(new PlainInterceptor());
        this.router = Router.router(vertx);
        router.route().handler(ProxyHandler.create(proxy));
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
        return client.request(new RequestOptions()
                        .setServer(app)
                        .setMethod(request.method())
                        .setURI(request.uri()))
                .compose(opened -> prepare(context, request, opened));
    }

    private Future<HttpClientRequest> prepare(
            ProxyContext context, HttpServerRequest request, HttpClientRequest opened) {
        context.set(PlainInterceptor.APP_REQUEST, opened);
        opened.exceptionHandler(PlainRoute::ended);
        opened.response().onSuccess(answer -> answer.exceptionHandler(PlainRoute::ended));
        if (request.response().closed()) {
            opened.reset(); // the library notices only those that leave later
            return Future.failedFuture("the client is gone");
        }
        // As it came, byte for byte; the library would write the app's own address.
        opened.putHeader(HttpHeaders.HOST, request.getHeader(HttpHeaders.HOST));
        vertx.getOrCreateContext().runOnContext(filled -> sendHeadFirst(request, opened));
        return Future.succeededFuture(opened);
    }

    /** Whoever ends a connection in the middle does so for its own reasons: nothing that an operator must act on. */
    private static void ended(Throwable fault) {
        LOG.debugf("A plain exchange ended early: %s", fault.getMessage());
    }

    /** The library sends the head with the body's first byte; the app may want to answer, or the client to wait, before. */
    private static void sendHeadFirst(HttpServerRequest request, HttpClientRequest opened) {
        if (!request.isEnded() && request.bytesRead() == 0) {
            opened.sendHead();
        }
    }
}
