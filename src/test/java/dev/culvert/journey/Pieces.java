package dev.culvert.journey;

import dev.culvert.wire.Escapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Sends a stream in pieces that arrive as pieces: each only when the other end has read what came before, which Linux tells.
 * Elsewhere they follow one another at once, and may arrive together.
 */
final class Pieces {
    private static final List<Path> SOCKETS = List.of(Path.of("/proc/net/tcp6"), Path.of("/proc/net/tcp"));
    private static final String NOTHING = "00000000";
    private static final int LINE = 100;
    private static final int REMOTE = 1;
    private static final int QUEUES = 3;

    private Pieces() {}

    /** Sends all of them. */
    static void send(Wire wire, byte[]... pieces) {
        wire.send(pieces[0]);
        for (int i = 1; i < pieces.length; i++) {
            Await.until("the other end has read what came before", () -> isRead(wire));
            wire.send(pieces[i]);
        }
    }

    /** For a failure. */
    static String describe(byte[]... pieces) {
        return Arrays.stream(pieces).map(Escapes::encode).collect(Collectors.joining(" ~ "));
    }

    /** Whether nothing waits in the receive queue of the socket at the other end. */
    private static boolean isRead(Wire wire) {
        String here = port(wire.socket().getLocalPort());
        String there = port(wire.socket().getPort());
        return SOCKETS.stream()
                .filter(Files::exists)
                .map(table -> received(table, there, here))
                .flatMap(Optional::stream)
                .findFirst()
                .map(NOTHING::equals)
                .orElse(true);
    }

    /** A line of the table: … local:port remote:port state sent-queue:received-queue …, all in hexadecimal. */
    private static Optional<String> received(Path table, String local, String remote) {
        String text = text(table);
        for (int at = text.indexOf(local); at >= 0; at = text.indexOf(local, at + 1)) {
            String[] words =
                    text.substring(at, Math.min(at + LINE, text.length())).split(" +", -1);
            if (words[REMOTE].endsWith(remote.strip())) {
                return Optional.of(words[QUEUES].split(":", -1)[1]);
            }
        }
        return Optional.empty();
    }

    /** With the blank behind it, a port of either end. */
    private static String port(int port) {
        return String.format(":%04X ", port);
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
