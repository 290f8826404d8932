package dev.culvert.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A unix socket in front of an {@link App}: what comes there goes to the app's port, both ways, ends included. */
final class UnixDoor implements AutoCloseable {
    private final ServerSocketChannel listening;
    private final Thread accepting;
    private final int app;

    UnixDoor(Path path, int app) {
        this.app = app;
        try {
            listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        accepting = start(this::accept);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static Thread start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException over) {
                return; // one side is gone; the test looks at what came
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void accept() throws IOException {
        while (listening.isOpen()) {
            SocketChannel outside = listening.accept();
            Socket inside = new Socket(InetAddress.getLoopbackAddress(), app);
            start(() -> inwards(outside, inside));
            start(() -> outwards(inside, outside));
        }
    }

    /** No streams: those of one channel wait for each other. */
    private static void inwards(SocketChannel outside, Socket inside) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(1 << 10);
        while (outside.read(bytes) >= 0) {
            inside.getOutputStream().write(bytes.array(), 0, bytes.position());
            bytes.clear();
        }
        inside.shutdownOutput();
    }

    private static void outwards(Socket inside, SocketChannel outside) throws IOException {
        byte[] bytes = new byte[1 << 10];
        for (int read = inside.getInputStream().read(bytes);
                read >= 0;
                read = inside.getInputStream().read(bytes)) {
            outside.write(ByteBuffer.wrap(bytes, 0, read));
        }
        outside.shutdownOutput();
    }

    /** Nobody listens any more, which a thread that is still accepting would. */
    @Override
    public void close() {
        try {
            listening.close();
            Await.until("nobody accepts", () -> !accepting.isAlive());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
