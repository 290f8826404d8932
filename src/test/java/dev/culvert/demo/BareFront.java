package dev.culvert.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * What nginx is with a bare {@code proxy_pass}, and with no line about WebSockets: the part of the story that breaks them.
 * What it does to a request stands in {@link BareExchange}. Blocking sockets and a thread for each connection: it serves a
 * browser or two.
 */
final class BareFront implements AutoCloseable {
    private final ServerSocket server;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "demo-front");
        thread.setDaemon(true);
        return thread;
    });

    private BareFront(ServerSocket server) {
        this.server = server;
    }

    /**
     * Takes requests from now on.
     *
     * @param port on 127.0.0.1, 0 for any that is free
     * @param upstreamPort where they go, on 127.0.0.1
     */
    static BareFront start(int port, int upstreamPort) throws PortTakenException {
        try {
            ServerSocket server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            BareFront front = new BareFront(server);
            front.threads.execute(() -> front.accept(upstreamPort));
            return front;
        } catch (IOException e) {
            throw new PortTakenException(port, e);
        }
    }

    /** The port that is bound. */
    int port() {
        return server.getLocalPort();
    }

    private void accept(int upstreamPort) {
        try {
            while (true) {
                Socket client = server.accept();
                clients.add(client);
                threads.execute(() -> serve(client, upstreamPort));
            }
        } catch (IOException | RejectedExecutionException closed) {
            return;
        }
    }

    private void serve(Socket client, int upstreamPort) {
        try (client) {
            new BareExchange(client, upstreamPort, threads).run();
        } catch (IOException gone) {
            return; // either side; the other learns it from its connection's end
        } finally {
            clients.remove(client);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket client : clients) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
