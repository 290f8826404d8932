package dev.culvert.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the kernel holds for TCP sockets: {@code /proc/net/tcp} and {@code tcp6}. */
final class KernelQueues {
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int QUEUES = 4;
    private static final int INODE = 9;

    private KernelQueues() {}

    /**
     * Bytes that sockets were given to send and that their peers have not acknowledged.
     *
     * @param local their port, or 0 for any
     * @param remote that of their peers, or 0 for any
     */
    static long unacknowledged(int local, int remote) {
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .flatMap(KernelQueues::sockets)
                .filter(fields -> is(local, fields[LOCAL]) && is(remote, fields[REMOTE]))
                .mapToLong(fields -> sent(fields[QUEUES]))
                .sum();
    }

    /**
     * Whether a connection has left the queue of its listener: a socket that nobody has accepted has no file yet.
     *
     * @param local the listener's port
     * @param remote the client's
     */
    static boolean isAccepted(int local, int remote) {
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .flatMap(KernelQueues::sockets)
                .anyMatch(
                        fields -> is(local, fields[LOCAL]) && is(remote, fields[REMOTE]) && !"0".equals(fields[INODE]));
    }

    private static Stream<String[]> sockets(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .skip(1)
                    .map(line -> line.trim().split("\\s+"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sent(String queues) {
        return Long.parseLong(queues.substring(0, queues.indexOf(':')), 16);
    }

    private static boolean is(int port, String address) {
        return port == 0 || port == Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }
}
