package dev.culvert.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A stream in lines and in counts of bytes, a byte a character. A line ends with CR LF and has no other CR or LF. */
final class Lines {
    private final InputStream in;

    Lines(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /** The next byte, which stays; -1 at the end. */
    int peek() throws IOException {
        in.mark(1);
        int b = in.read();
        in.reset();
        return b;
    }

    /** The next line without its end. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int b = next();
            if (b == '\n') {
                throw new MalformedException("a bare LF");
            }
            if (b != '\r') {
                line.write(b);
            } else if (next() == '\n') {
                return text(line.toByteArray());
            } else {
                throw new MalformedException("a bare CR");
            }
        }
    }

    /** So many bytes. */
    String exactly(long count) throws IOException {
        byte[] bytes = in.readNBytes((int) Math.min(count, Integer.MAX_VALUE));
        if (bytes.length < count) {
            throw new EOFException();
        }
        return text(bytes);
    }

    /** All that comes until the end. */
    String rest() throws IOException {
        return text(in.readAllBytes());
    }

    private int next() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException();
        }
        return b;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
