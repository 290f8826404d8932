package dev.culvert.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;

/** The app behind Culvert, played by the test itself: it accepts connections and says byte by byte what it sends. */
final class App implements AutoCloseable {
    private static final int ACCEPT_MILLIS = 10_000;

    private final ServerSocket server;

    App() {
        this(0);
    }

    /** @param receiveBuffer bytes the kernel takes for a reader that does not read; 0 for its own choice */
    App(int receiveBuffer) {
        this(receiveBuffer, 0);
    }

    private App(int receiveBuffer, int port) {
        try {
            server = new ServerSocket();
            if (receiveBuffer > 0) {
                server.setReceiveBufferSize(receiveBuffer);
            }
            server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
            server.setSoTimeout(ACCEPT_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that has just begun to listen on a port that nobody listened on before. */
    static App on(int port) {
        return new App(0, port);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The next connection. */
    Wire accept() {
        try {
            return new Wire(server.accept());
        } catch (IOException e) {
            throw new AssertionError("nobody connected to the app", e);
        }
    }

    /** Whether nobody connects: asked after the client has its answer, when a connection would have been made. */
    boolean isLeftAlone() {
        try {
            server.setSoTimeout(50);
            server.accept().close();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
