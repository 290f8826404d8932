package dev.culvert.plain;

import dev.culvert.config.UpstreamSettings;
import dev.culvert.upstream.UpstreamAddress;
import io.netty.channel.Channel;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
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
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The connections to the app for plain requests: those that are kept, and those for one request alone. Event loop only. */
final class AppPool {
    /**
     * Connections to the app at once, for each event loop. The app decides what is too much, not a pool: a request that
     * waits for a place behind long polls is a request that never comes back.
     */
    private static final int POOL_SIZE = 10_000;

    /**
     * How long an idle connection to the app is kept, give or take half a second, unless the app asks for less. Node.js closes
     * after 5 seconds; whoever keeps longer sends requests into connections that are just being closed.
     */
    static final int KEEP_ALIVE_SECONDS = 3;

    private static final int LOOK_MILLIS = 500;

    private static final int RETRY_MILLIS = 100;
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    private static final int MAX_ANSWER_HEAD_BYTES = 64 << 10;

    private final Vertx vertx;
    private final BelowVertx below;
    private final Consumer<Channel> prepare;
    private final SocketAddress app;
    private final long retryNanos;
    private final HttpClient kept;
    private final HttpClient single;
    private final Map<HttpConnection, AppConnection> connections = new HashMap<>();
    private boolean looking;

    /** @param prepare sets a connection to the app before its first read */
    AppPool(
            Vertx vertx,
            UpstreamAddress upstream,
            UpstreamSettings settings,
            BelowVertx below,
            Consumer<Channel> prepare) {
        this.vertx = vertx;
        this.below = below;
        this.prepare = prepare;
        this.app = upstream.isUnixSocket()
                ? SocketAddress.domainSocketAddress(upstream.url().path())
                : SocketAddress.inetSocketAddress((InetSocketAddress) upstream.socketAddress());
        this.retryNanos = settings.connectRetry().toNanos();
        this.kept = client(settings, true);
        this.single = client(settings, false);
    }

    private HttpClient client(UpstreamSettings settings, boolean keepAlive) {
        return vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setConnectTimeout(
                                Math.toIntExact(settings.connectTimeout().toMillis()))
                        .setKeepAlive(keepAlive)
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setMaxHeaderSize(MAX_ANSWER_HEAD_BYTES)
                        .setMaxInitialLineLength(MAX_ANSWER_HEAD_BYTES)
                        .setDecompressionSupported(false))
                .with(new PoolOptions().setHttp1MaxSize(POOL_SIZE).setCleanerPeriod(0))
                .withConnectHandler(this::connected)
                .build();
    }

    /** For the library, which wants one to begin with: its origin hook opens all requests here. */
    HttpClient client() {
        return kept;
    }

    private void connected(HttpConnection connection) {
        connection.exceptionHandler(PlainRoute::ended);
        AppConnection opened = new AppConnection(() -> connections.remove(connection));
        connections.put(connection, opened);
        lookLater();
        Channel channel = below.channel(connection);
        prepare.accept(channel);
        channel.pipeline().addBefore("handler", "app", opened);
    }

    /**
     * Closes idle connections, while there are any. Vert.x has a timer for it that always runs, and then each wait of the event
     * loop programmes a clock of the kernel's, which costs a tenth of a tunnel's message.
     */
    private void lookLater() {
        if (!looking && !connections.isEmpty()) {
            looking = true;
            vertx.setTimer(LOOK_MILLIS, due -> {
                looking = false;
                List.copyOf(connections.entrySet()).forEach(this::closeOverdue);
                lookLater();
            });
        }
    }

    /**
     * Vert.x takes a connection from its pool before it closes it, but then waits for the app to read what was sent. One that the
     * pool gives to a request has an exchange within the same call.
     */
    private void closeOverdue(Map.Entry<HttpConnection, AppConnection> idle) {
        if (idle.getValue().isIdle() && below.isOverdue(idle.getKey())) {
            idle.getKey().close();
            idle.getValue().close();
        }
    }

    /** RFC 9110 §9.2.2: asked for twice it means the same, so it may be sent again. TRACE does not come so far. */
    static boolean isIdempotent(HttpMethod method) {
        return IDEMPOTENT.contains(method);
    }

    /**
     * Opens a request. While the app boots, idempotent ones wait for its port: nothing of them was sent yet.
     *
     * @param alone on a new connection, which ends with it
     */
    Future<HttpClientRequest> open(HttpServerRequest request, boolean alone) {
        return connect(alone ? single : kept, request, System.nanoTime() + retryNanos);
    }

    private Future<HttpClientRequest> connect(HttpClient client, HttpServerRequest request, long retryUntil) {
        RequestOptions options =
                new RequestOptions().setServer(app).setMethod(request.method()).setURI(request.uri());
        return client.request(options).recover(fault -> {
            boolean refused = fault instanceof ConnectException && !(fault instanceof ConnectTimeoutException);
            boolean wanted =
                    isIdempotent(request.method()) && !request.response().closed();
            if (!refused || !wanted || System.nanoTime() - retryUntil >= 0) {
                return Future.failedFuture(fault);
            }
            Promise<HttpClientRequest> later = Promise.promise();
            vertx.setTimer(
                    RETRY_MILLIS, tried -> connect(client, request, retryUntil).onComplete(later));
            return later.future();
        });
    }

    /** Closes all connections at once; Vert.x would wait for those to be written out that the app does not read. */
    void close() {
        List.copyOf(connections.values()).forEach(AppConnection::close);
    }
}
