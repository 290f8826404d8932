package dev.culvert.plain;

import dev.culvert.config.UpstreamSettings;
import dev.culvert.upstream.UpstreamAddress;
import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.proxy.handler.ProxyHandler;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyOptions;
import io.vertx.httpproxy.ProxyRequest;
import java.net.ConnectException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
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
     * How long an idle connection to the app is kept, give or take the second in which Vert.x looks. Node.js closes after 5
     * seconds; whoever keeps longer sends requests into connections that are just being closed.
     */
    private static final int KEEP_ALIVE_SECONDS = 3;

    private static final int RETRY_MILLIS = 100;
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    private static final int MAX_ANSWER_HEAD_BYTES = 64 << 10;

    private static final Logger LOG = Logger.getLogger(PlainRoute.class);

    private final Vertx vertx;
    private final Function<HttpConnection, Channel> channels;
    private final Consumer<Channel> prepare;
    private final HttpClient client;
    private final SocketAddress app;
    private final long retryNanos;
    private final HttpProxy proxy;
    private final Router router;
    private final Set<AppConnection> connections = new HashSet<>();

    /**
     * @param vertx the traffic's; connections to the app live on the event loop that asks for them, if one asks alone
     * @param channels the Netty channel below a connection of Vert.x, which has no public name
     * @param prepare sets a connection to the app before its first read
     */
    public PlainRoute(
            Vertx vertx,
            UpstreamAddress upstream,
            UpstreamSettings settings,
            Function<HttpConnection, Channel> channels,
            Consumer<Channel> prepare) {
        this.vertx = vertx;
        this.channels = channels;
        this.prepare = prepare;
        this.app = upstream.isUnixSocket()
                ? SocketAddress.domainSocketAddress(upstream.url().path())
                : SocketAddress.inetSocketAddress((java.net.InetSocketAddress) upstream.socketAddress());
        this.retryNanos = settings.connectRetry().toNanos();
        this.client = client(settings);
        this.proxy = HttpProxy.reverseProxy(new ProxyOptions().setSupportWebSocket(false), client)
                .origin(this::open)
                .addInterceptor(new PlainInterceptor(vertx));
        this.router = Router.router(vertx);
        router.route().handler(ProxyHandler.create(proxy));
    }

    private HttpClient client(UpstreamSettings settings) {
        return vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setConnectTimeout(
                                Math.toIntExact(settings.connectTimeout().toMillis()))
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setMaxHeaderSize(MAX_ANSWER_HEAD_BYTES)
                        .setMaxInitialLineLength(MAX_ANSWER_HEAD_BYTES)
                        .setDecompressionSupported(false))
                .with(new PoolOptions().setHttp1MaxSize(POOL_SIZE))
                .withConnectHandler(this::connected)
                .build();
    }

    private void connected(HttpConnection connection) {
        connection.exceptionHandler(PlainRoute::ended);
        AppConnection app = new AppConnection(connections::remove);
        connections.add(app);
        Channel channel = channels.apply(connection);
        prepare.accept(channel);
        channel.pipeline().addBefore("handler", "app", app);
    }

    /** Closes all connections to the app at once; Vert.x would wait for those to be written out that the app does not read. */
    public void close() {
        List.copyOf(connections).forEach(AppConnection::close);
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
        return connect(request, System.nanoTime() + retryNanos).compose(opened -> prepare(context, request, opened));
    }

    /** While the app boots, idempotent requests wait for its port: RFC 9110 §9.2.2. Nothing of them was sent yet. */
    private Future<HttpClientRequest> connect(HttpServerRequest request, long retryUntil) {
        RequestOptions options =
                new RequestOptions().setServer(app).setMethod(request.method()).setURI(request.uri());
        return client.request(options).recover(fault -> {
            boolean refused = fault instanceof ConnectException && !(fault instanceof ConnectTimeoutException);
            boolean wanted =
                    IDEMPOTENT.contains(request.method()) && !request.response().closed();
            if (!refused || !wanted || System.nanoTime() - retryUntil >= 0) {
                return Future.failedFuture(fault);
            }
            Promise<HttpClientRequest> later = Promise.promise();
            vertx.setTimer(RETRY_MILLIS, tried -> connect(request, retryUntil).onComplete(later));
            return later.future();
        });
    }

    private Future<HttpClientRequest> prepare(
            ProxyContext context, HttpServerRequest request, HttpClientRequest opened) {
        AppConnection connection =
                channels.apply(opened.connection()).pipeline().get(AppConnection.class);
        AppExchange exchange = new AppExchange(request, channels.apply(request.connection()), connection);
        context.set(AppExchange.NAME, exchange);
        opened.exceptionHandler(PlainRoute::ended);
        opened.response().onSuccess(answer -> answer.exceptionHandler(PlainRoute::ended));
        if (request.response().closed()) {
            exchange.abort(); // those that leave later are noticed by the handler below
            return Future.failedFuture("the client is gone");
        }
        request.response().closeHandler(gone -> exchange.abort());
        fill(context.request(), request.headers(), opened.headers());
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
        library.setBody(Body.body(library.getBody().stream()));
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
