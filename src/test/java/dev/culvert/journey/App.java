package dev.culvert.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;

/** The app behind Culvert, played by the test itself: it accepts connections and says byte by byte what it sends. */
final class App implements AutoCloseable {
    private static final int ACCEPT_MILLIS = 10_000;
    private static final int BACKLOG = 100;
    private static final int FULL_MILLIS = 300;
    private static final int NOTICED_MILLIS = 50;

    private final ServerSocket server;

    App() {
        this(0);
    }

    /** @param receiveBuffer bytes the kernel takes for a reader that does not read; 0 for its own choice */
    App(int receiveBuffer) {
        this(receiveBuffer, 0, BACKLOG);
    }

    private App(int receiveBuffer, int port, int backlog) {
        try {
            server = new ServerSocket();
            if (receiveBuffer > 0) {
                server.setReceiveBufferSize(receiveBuffer);
            }
            server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), backlog);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that has just begun to listen on a port that nobody listened on before. */
    static App on(int port) {
        return new App(0, port, BACKLOG);
    }

    /**
     * One that accepts nothing, its queue full: the kernel leaves whoever connects waiting.
     *
     * @param queue gets the connections that fill it
     */
    static App withFullQueue(List<Wire> queue) {
        App app = new App(0, 0, 1);
        Socket socket = new Socket();
        try {
            while (true) {
                socket.connect(app.server.getLocalSocketAddress(), FULL_MILLIS);
                queue.add(new Wire(socket));
                socket = new Socket();
            }
        } catch (SocketTimeoutException full) {
            return app; // which closed the socket, too
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** The next connection. */
    Wire accept() {
        return acceptWithin(ACCEPT_MILLIS).orElseThrow(() -> new AssertionError("nobody connected to the app"));
    }

    /** The next connection, if it is there in time. */
    Optional<Wire> acceptWithin(int millis) {
        try {
            server.setSoTimeout(millis);
            return Optional.of(new Wire(server.accept()));
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether nobody connects: asked after the client has its answer, when a connection would have been made. */
    boolean isLeftAlone() {
        Optional<Wire> somebody = acceptWithin(NOTICED_MILLIS);
        somebody.ifPresent(Wire::close);
        return somebody.isEmpty();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
