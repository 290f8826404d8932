package dev.culvert.health;

import dev.culvert.config.HealthSettings;
import dev.culvert.config.UpstreamSettings;
import dev.culvert.config.UpstreamUrl;
import dev.culvert.listener.TrafficListener;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether the app is there: its port accepts or, where {@code culvert.health.upgrade-path} is set, it switches to WebSocket.
 * What was found out counts for a second: however many ask, the app is not. Blocks for at most a second: on a worker thread
 * only. Thread-safe.
 */
@Singleton
class AppReachable {
    private static final int MILLIS = 1000;

    private final UpstreamUrl app;
    private final Optional<String> upgradePath;
    private final TrafficListener traffic;
    private boolean reachable;
    private long askedAt;
    private boolean asked;

    AppReachable(UpstreamSettings settings, HealthSettings health, TrafficListener traffic) {
        this.app = UpstreamUrl.of(settings);
        this.upgradePath = health.upgradePath();
        this.traffic = traffic;
    }

    synchronized boolean test() {
        if (!asked || System.nanoTime() - askedAt >= TimeUnit.MILLISECONDS.toNanos(MILLIS)) {
            reachable = upgradePath.map(this::switches).orElseGet(this::accepts);
            askedAt = System.nanoTime();
            asked = true;
        }
        return reachable;
    }

    private boolean accepts() {
        try {
            if (app.host() == null) {
                SocketChannel.open(UnixDomainSocketAddress.of(app.path())).close();
            } else {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(app.host(), app.port()), MILLIS);
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean switches(String path) {
        try {
            traffic.probeUpgrade(path).toCompletionStage().toCompletableFuture().get(MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
