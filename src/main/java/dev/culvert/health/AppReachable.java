package dev.culvert.health;

import dev.culvert.config.UpstreamSettings;
import dev.culvert.config.UpstreamUrl;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

/** Whether the app's port accepts, found out by connecting. Blocks for at most a second: on a worker thread only. */
@Singleton
class AppReachable {
    private static final int MILLIS = 1000;

    private final UpstreamUrl app;

    AppReachable(UpstreamSettings settings) {
        this.app = UpstreamUrl.of(settings);
    }

    boolean test() {
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
}
