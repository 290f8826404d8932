package dev.culvert.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * Many tunnels with both ends in hand, all on the caller's thread: an end sends as much as there is room for, and reads,
 * when it is told to. Its sockets' own buffers are small; those of Culvert's sockets grow to a few megabytes
 * each, which is the kernel's choice, and have to be filled first.
 */
final class Flood implements AutoCloseable {
    private static final int KERNEL_BYTES = 16 << 10;
    private static final ByteBuffer NOISE = noise();
    private static final int PIECE = 64 << 10;

    /** Who sends, or reads. */
    enum Side {
        CLIENT,
        APP;

        Side other() {
            return this == CLIENT ? APP : CLIENT;
        }
    }

    private final Selector selector;
    private final ServerSocketChannel app;
    private final List<End> ends = new ArrayList<>();
    private final ByteBuffer received = ByteBuffer.allocateDirect(PIECE);

    /** One end of a tunnel; its peer is the other end of the same. */
    private static final class End {
        private final SocketChannel socket;
        private final SelectionKey key;
        private final CRC32 sent = new CRC32();
        private final CRC32 got = new CRC32();
        private long sentBytes;
        private long gotBytes;
        private int at;

        End(SocketChannel socket, Selector selector, int start) throws IOException {
            this.socket = socket;
            this.at = start;
            socket.configureBlocking(false);
            this.key = socket.register(selector, 0, this);
        }
    }

    Flood() {
        try {
            selector = Selector.open();
            app = ServerSocketChannel.open();
            app.setOption(StandardSocketOptions.SO_RCVBUF, KERNEL_BYTES);
            app.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer noise() {
        byte[] bytes = new byte[1 << 20];
        new Random(1).nextBytes(bytes);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes);
    }

    /** Where the app listens. */
    int port() {
        return app.socket().getLocalPort();
    }

    /** Opens one tunnel more. */
    void add(int culvert) {
        add(open(culvert));
    }

    /** Asks for an endless answer, whose head has come: from then on the app sends and the client reads. */
    void addDownload(int culvert) {
        Wire client = connect(culvert).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Wire behind = accept();
        behind.readHead();
        behind.send("HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n");
        client.readHead();
        add(new Ends(client, behind));
    }

    private void add(Ends tunnel) {
        try {
            ends.add(new End(tunnel.client().socket().getChannel(), selector, ends.size() * 997));
            ends.add(new End(tunnel.app().socket().getChannel(), selector, ends.size() * 997));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a tunnel that takes no part. */
    Ends open(int culvert) {
        return Ends.open(connect(culvert), this::accept);
    }

    private static Wire connect(int culvert) {
        try {
            SocketChannel client = SocketChannel.open();
            client.setOption(StandardSocketOptions.SO_RCVBUF, KERNEL_BYTES);
            client.setOption(StandardSocketOptions.SO_SNDBUF, KERNEL_BYTES);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), culvert));
            return new Wire(client.socket());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Wire accept() {
        try {
            SocketChannel accepted = app.accept();
            accepted.setOption(StandardSocketOptions.SO_SNDBUF, KERNEL_BYTES);
            return new Wire(accepted.socket());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends once from every client, or once from every app, as much as finds room, and nobody reads.
     *
     * @return bytes sent so far
     */
    long push(Side from) {
        round(SelectionKey.OP_WRITE, from);
        return ends.stream().mapToLong(end -> end.sentBytes).sum();
    }

    /**
     * Reads once at every client, or once at every app, what is there, and nobody sends.
     *
     * @return bytes read so far
     */
    long pull(Side to) {
        round(SelectionKey.OP_READ, to);
        return ends.stream().mapToLong(end -> end.gotBytes).sum();
    }

    /** Whether each end has exactly what its peer sent. */
    boolean isAllThere() {
        for (int i = 0; i < ends.size(); i++) {
            End end = ends.get(i);
            End peer = ends.get(i ^ 1);
            if (end.gotBytes != peer.sentBytes || end.got.getValue() != peer.sent.getValue()) {
                return false;
            }
        }
        return true;
    }

    private void round(int operation, Side side) {
        try {
            for (int i = 0; i < ends.size(); i++) {
                Side its = i % 2 == 0 ? Side.CLIENT : Side.APP;
                ends.get(i).key.interestOps(its == side ? operation : 0);
            }
            selector.selectNow(key -> step((End) key.attachment()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void step(End end) {
        try {
            if (end.key.isWritable()) {
                write(end);
            } else {
                read(end);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(End end) throws IOException {
        ByteBuffer piece = NOISE.duplicate();
        piece.position(end.at % NOISE.capacity()).limit(Math.min(piece.position() + PIECE, NOISE.capacity()));
        int count = end.socket.write(piece.slice());
        end.sent.update(piece.limit(piece.position() + count));
        end.sentBytes += count;
        end.at += count;
    }

    private void read(End end) throws IOException {
        received.clear();
        int count = end.socket.read(received);
        if (count < 0) {
            throw new AssertionError("a tunnel ended");
        }
        end.got.update(received.flip());
        end.gotBytes += count;
    }

    /** Resets both ends of each tunnel, whatever is under way on it. */
    void vanish() {
        try {
            for (End end : ends) {
                end.socket.setOption(StandardSocketOptions.SO_LINGER, 0);
                end.socket.close();
            }
            ends.clear();
            selector.selectNow(); // a selector keeps the sockets of closed channels until it is asked again
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            for (End end : ends) {
                end.socket.close();
            }
            selector.close();
            app.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
