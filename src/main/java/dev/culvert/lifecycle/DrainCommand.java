package dev.culvert.lifecycle;

import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code culvert drain}: tells the Culvert beside it, over the admin port and loopback, to drain, and waits until it has. For
 * preStop, which has no shell and no other client in this image. Needs no framework: it starts and ends in milliseconds.
 */
final class DrainCommand {
    private static final Duration EVERY = Duration.ofMillis(50);
    private static final int TIMEOUT_MILLIS = 2000;
    private static final int FAILED = 1;

    private final URI drain;
    private final PrintStream err;

    /**
     * @param host where the admin port listens; any address stands for loopback
     * @param port the admin port
     * @param err told why it failed
     */
    DrainCommand(String host, int port, PrintStream err) {
        boolean any = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        this.drain = URI.create("http://" + (any ? "127.0.0.1" : bracketed(host)) + ":" + port + "/drain");
        this.err = err;
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /**
     * Blocks until it is drained, which the server sees to, or until the server is gone.
     *
     * @return the exit code: 0, or 1 where no drain could be begun
     */
    int run() {
        try {
            int status = ask();
            if (status != HttpURLConnection.HTTP_ACCEPTED && status != HttpURLConnection.HTTP_OK) {
                err.println("culvert: error: " + drain + " answered " + status);
                return FAILED;
            }
            while (status == HttpURLConnection.HTTP_ACCEPTED) {
                LockSupport.parkNanos(EVERY.toNanos());
                status = askAgain();
            }
            return 0;
        } catch (IOException e) {
            err.println("culvert: error: no Culvert can be reached on " + drain + ": " + e.getMessage());
            return FAILED;
        }
    }

    /** A server that is gone has nothing left to drain. */
    private int askAgain() {
        try {
            return ask();
        } catch (IOException gone) {
            return HttpURLConnection.HTTP_OK;
        }
    }

    private int ask() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) drain.toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}
