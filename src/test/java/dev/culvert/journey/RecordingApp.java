package dev.culvert.journey;

import dev.culvert.wire.MalformedException;
import dev.culvert.wire.Message;
import dev.culvert.wire.StrictReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * An app that keeps count of all that reaches it: whole requests, read by a reader of its own, each answered; what is no
 * HTTP; and every byte. Keeps its connections open. Thread-safe.
 */
final class RecordingApp implements AutoCloseable {
    static final String FINE = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final ServerSocket server;
    private final Function<Message, byte[]> answers;
    private final boolean closes;
    private final List<Message> requests = new CopyOnWriteArrayList<>();
    private final List<String> malformed = new CopyOnWriteArrayList<>();
    private final AtomicLong bytes = new AtomicLong();
    private final Set<StrictReader> readers = ConcurrentHashMap.newKeySet();

    RecordingApp() {
        this(request -> FINE.getBytes(StandardCharsets.ISO_8859_1), false);
    }

    /**
     * @param answers what is sent for a request
     * @param closes whether the connection ends with its first answer
     */
    RecordingApp(Function<Message, byte[]> answers, boolean closes) {
        this.answers = answers;
        this.closes = closes;
        try {
            server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "recording app");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                daemon(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        StrictReader reader = new StrictReader(counted(socket));
        readers.add(reader);
        try (socket) {
            socket.setTcpNoDelay(true);
            Optional<Message> request = reader.request();
            while (request.isPresent()) {
                requests.add(request.get());
                socket.getOutputStream().write(answers.apply(request.get()));
                request = closes ? Optional.empty() : reader.request();
            }
        } catch (MalformedException e) {
            malformed.add(e.getMessage());
        } catch (IOException e) {
            // the end of a connection within a request: what was cut off is no request
        } finally {
            readers.remove(reader);
        }
    }

    private InputStream counted(Socket socket) {
        return new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException("the reader is buffered");
            }

            @Override
            public int read(byte[] buffer, int from, int most) throws IOException {
                int count = socket.getInputStream().read(buffer, from, most);
                bytes.addAndGet(Math.max(count, 0));
                return count;
            }
        };
    }

    int port() {
        return server.getLocalPort();
    }

    /** The whole requests so far. */
    List<Message> requests() {
        return requests;
    }

    /** What came that is no request. */
    List<String> malformed() {
        return malformed;
    }

    /** All bytes so far. */
    long bytes() {
        return bytes.get();
    }

    /** Whether a request has begun, and has neither ended nor been cut off. */
    boolean isWaiting() {
        return readers.stream().anyMatch(StrictReader::inMessage);
    }

    /** Forgets the requests, and those that have begun too. */
    void forget() {
        requests.clear();
        readers.removeIf(StrictReader::inMessage);
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
