package dev.culvert.listener;

import dev.culvert.CloseReason;
import dev.culvert.admission.Admission;
import dev.culvert.config.Settings;
import dev.culvert.config.UpstreamUrl;
import dev.culvert.flow.Flow;
import dev.culvert.handshake.Forwarded;
import dev.culvert.handshake.UpstreamHead;
import dev.culvert.observation.AccessLog;
import dev.culvert.plain.BelowVertx;
import dev.culvert.plain.PlainRoute;
import dev.culvert.plain.PlainSockets;
import dev.culvert.plain.RequestTrailers;
import dev.culvert.tunnel.TunnelRegistry;
import dev.culvert.tunnel.TunnelSockets;
import dev.culvert.upstream.UpstreamAddress;
import dev.culvert.upstream.UpstreamConnector;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The traffic plane: binds the port and puts the rooms together. Each connection stays on one event loop. Touches {@code
 * io.vertx.core.impl} for an event loop, which the public API does not give; checked with Vert.x 4.5.28.
 */
public final class TrafficListener {
    private static final Logger LOG = Logger.getLogger(TrafficListener.class);
    private static final int ACCEPT_BACKLOG = 4096;

    /** Vert.x' word for "any free port, the same for every event loop". */
    private static final int ANY_PORT = -1;

    private final Vertx vertx;
    private final UpstreamAddress app;
    private final Rooms rooms;
    private final PlainSockets plainSockets;
    private final BelowVertx below = new TrafficVertxConnections();
    private final AtomicInteger port = new AtomicInteger();

    /**
     * Looks the app's address up and makes the event loops; binds nothing yet.
     *
     * @throws IllegalArgumentException when the app's host is not known
     */
    public TrafficListener(Settings settings) {
        this.app = UpstreamAddress.resolve(UpstreamUrl.of(settings.upstream()));
        Flow flow = new Flow(settings.tunnel());
        this.plainSockets = new PlainSockets(flow);
        AccessLog log = new AccessLog(settings.log().access());
        this.rooms = new Rooms(
                settings,
                RequestBounds.of(settings),
                new Admission(settings.limits(), settings.upgrade(), flow.backlog()::isFull),
                new UpstreamHead(new Forwarded(settings.forwarded()), app.authority()),
                new UpstreamConnector(
                        app, settings.upstream(), socket -> TunnelSockets.prepare(socket, app.socketAddress())),
                flow,
                new TunnelRegistry(settings.tunnel(), flow, log, System::nanoTime),
                new TrafficLoad(System::nanoTime),
                log);
        this.vertx = TrafficVertx.create(
                TrafficVertx.eventLoops(settings.listen().eventLoops()),
                new ConnectionLimit(settings.limits().connections()),
                (server, options) -> new ClientAcceptor(rooms, new PlainDoor(rooms, server, options)));
    }

    /** Binds. The future fails when the port is taken; it completes when every event loop accepts. */
    public Future<Void> start() {
        int eventLoops = TrafficVertx.eventLoops(rooms.settings().listen().eventLoops());
        return vertx.deployVerticle(Acceptor::new, new DeploymentOptions().setInstances(eventLoops))
                .onSuccess(deployed -> LOG.infof(
                        "Traffic: listening on %s:%d, %d event loops, towards %s",
                        rooms.settings().listen().host(),
                        port(),
                        eventLoops,
                        UpstreamUrl.of(rooms.settings().upstream())))
                .mapEmpty();
    }

    /** The port that is bound, once started. */
    public int port() {
        return port.get();
    }

    /** Who may open a tunnel. */
    public Admission admission() {
        return rooms.admission();
    }

    /** The tunnels that are open. */
    public TunnelRegistry tunnels() {
        return rooms.tunnels();
    }

    /**
     * Begins to leave: upgrades are refused from now on, plain requests are served and their connections closed, and each
     * tunnel is asked to end at a moment of its own. The port stays open: whoever has not heard yet loses nothing.
     *
     * @param spread over how long the tunnels are asked
     */
    public void drain(Duration spread) {
        rooms.admission().close();
        rooms.tunnels().drain(spread);
    }

    /**
     * Whether nothing is under way, neither tunnel nor handshake nor plain request, and nothing was asked for in the last
     * while.
     */
    public boolean isQuiet(Duration quiet) {
        return rooms.admission().permits() == 0
                && rooms.load().plainExchanges() == 0
                && rooms.load().nanosSinceLastRequest() >= quiet.toNanos();
    }

    /**
     * Asks the app for a WebSocket and closes it again.
     *
     * @param path origin-form target
     * @return fails when the app cannot be reached or does not switch
     */
    public Future<Void> probeUpgrade(String path) {
        EventLoop eventLoop = ((VertxInternal) vertx).getEventLoopGroup().next();
        return new UpgradeProbe(rooms, app.authority(), path).ask(eventLoop);
    }

    /** Admits nothing more, ends every tunnel, and gives the port and the threads back. */
    public Future<Void> stop() {
        rooms.admission().close();
        rooms.tunnels().endAll(CloseReason.DRAINED);
        return vertx.close();
    }

    /** One event loop's share of the connections. */
    private final class Acceptor extends AbstractVerticle {
        private @Nullable PlainRoute plain;

        @Override
        public void start(Promise<Void> started) {
            // One for each event loop: a pool that all share would hand requests over from one to another.
            PlainRoute route = new PlainRoute(vertx, app, rooms.settings().upstream(), below, plainSockets::prepareApp);
            plain = route;
            int wanted = rooms.settings().listen().port();
            HttpServerOptions options = new HttpServerOptions()
                    .setHost(rooms.settings().listen().host())
                    .setPort(wanted == 0 ? ANY_PORT : wanted)
                    .setAcceptBacklog(ACCEPT_BACKLOG)
                    .setHttp2ClearTextEnabled(false)
                    .setPerFrameWebSocketCompressionSupported(false)
                    .setPerMessageWebSocketCompressionSupported(false)
                    .setHandle100ContinueAutomatically(false); // RFC 9110 §10.1.1: it is the app's to answer
            vertx.createHttpServer(options)
                    .connectionHandler(this::served)
                    .requestHandler(route)
                    .listen()
                    .onSuccess(server -> port.set(server.actualPort()))
                    .<Void>mapEmpty()
                    .onComplete(started);
        }

        @Override
        public void stop() {
            if (plain != null) {
                plain.close();
            }
        }

        /** Runs within a connection's first plain request, before that server sees it. */
        private void served(HttpConnection connection) {
            connection.exceptionHandler(fault -> LOG.debugf("A client's connection failed: %s", fault.getMessage()));
            ChannelPipeline client = below.channel(connection).pipeline();
            client.remove("httpDecoder");
            client.addBefore("handler", null, new RequestTrailers());
            client.addBefore("handler", null, client.get(PlainInput.class).connection());
            plainSockets.prepareClient(client.channel());
        }
    }
}
