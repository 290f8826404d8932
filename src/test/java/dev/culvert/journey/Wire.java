package dev.culvert.journey;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One end of a connection, in bytes. Text is ISO 8859-1: a byte a character. Reads fail after ten seconds. */
final class Wire implements AutoCloseable {
    private static final int READ_MILLIS = 10_000;
    private static final int SILENCE_MILLIS = 300;

    private final Socket socket;
    private final InputStream in;

    Wire(Socket socket) {
        this.socket = socket;
        try {
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        restoreTimeout();
    }

    static Wire connect(int port) {
        return connect(port, 0);
    }

    /** @param receiveBuffer bytes the kernel takes for a reader that does not read; 0 for its own choice */
    static Wire connect(int port, int receiveBuffer) {
        Socket socket = new Socket();
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return new Wire(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Wire send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Wire send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends once more, to see whether anybody is still there: what was sent before may have been answered by a reset. */
    boolean reaches(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    /** Ends this side's stream. */
    Wire finish() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connection with a reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Exactly so many bytes. */
    String read(int count) {
        return new String(readBytes(count), StandardCharsets.ISO_8859_1);
    }

    byte[] readBytes(int count) {
        try {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new AssertionError("stream ended after " + text(bytes));
            }
            return bytes;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Everything up to and including the first empty line. */
    String readHead() {
        try {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    throw new AssertionError("stream ended in the head: " + head.toString(StandardCharsets.ISO_8859_1));
                }
                head.write(b);
            }
            return head.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Everything up to the end of the peer's stream. */
    String readAll() {
        return text(readAllBytes());
    }

    byte[] readAllBytes() {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether nothing comes for a while, neither a byte nor an end. */
    boolean isSilent() {
        try {
            socket.setSoTimeout(SILENCE_MILLIS);
            in.read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            restoreTimeout();
        }
    }

    private void restoreTimeout() {
        try {
            socket.setSoTimeout(READ_MILLIS);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How the peer ends the connection, what it still sends being dropped: {@code end}, {@code reset} or {@code open}. */
    String ending() {
        try {
            in.readAllBytes();
            return "end";
        } catch (SocketTimeoutException e) {
            return "open";
        } catch (SocketException e) {
            return e.getMessage().toLowerCase(Locale.ROOT).contains("reset") ? "reset" : e.toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** What the peer sends, buffered: to be read through here or by the methods of this class. */
    InputStream in() {
        return in;
    }

    Socket socket() {
        return socket;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
