package dev.culvert.guard;

import io.netty.buffer.ByteBuf;

/**
 * Follows the framing of a chunked body and lets no byte of it pass that RFC 9112 §7.1 does not allow: sizes, extensions,
 * the line end behind the data, trailers. The parser behind it finds the same chunks but is silent on much that it drops.
 * Each byte of the framing is looked at once and the data is skipped by its count, however the body is cut into reads; no
 * byte is kept.
 *
 * <p>Not thread-safe: one for each body.
 */
final class ChunkedSyntax {
    private enum At {
        LINE,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        END
    }

    private final Part part;
    private final int maxTrailerBytes;
    private final ChunkLine line;
    private final FieldLines trailers;

    private At at = At.LINE;
    private long dataLeft;
    private int trailerBytes;

    /**
     * @param part what a malformed body is called
     * @param maxTrailerBytes of all trailers, their empty line included
     * @param maxTrailers field lines
     */
    ChunkedSyntax(Part part, int maxTrailerBytes, int maxTrailers) {
        this.part = part;
        this.maxTrailerBytes = maxTrailerBytes;
        this.line = new ChunkLine(part);
        this.trailers = new FieldLines(part, maxTrailers);
    }

    /** Whether the body is complete. */
    boolean isComplete() {
        return at == At.END;
    }

    /**
     * Looks at what came since the last call, up to the end of the body.
     *
     * @param in what the parser has not read yet
     * @param seen bytes of it that the last call has seen
     * @return bytes of it that have been seen now; what follows them when the body is complete is none of it
     * @throws dev.culvert.RefusedException when this is no chunked body, or one with larger framing than allowed
     */
    int scan(ByteBuf in, int seen) {
        int readable = in.readableBytes();
        int scanned = seen;
        while (scanned < readable && at != At.END) {
            if (at == At.DATA) {
                int data = (int) Math.min(dataLeft, readable - scanned);
                dataLeft -= data;
                scanned += data;
                at = dataLeft == 0 ? At.DATA_CR : At.DATA;
            } else {
                step(in.getByte(in.readerIndex() + scanned));
                scanned++;
            }
        }
        return scanned;
    }

    private void step(byte b) {
        switch (at) {
            case LINE -> line(b);
            case DATA_CR -> {
                if (b != '\r') {
                    throw part.malformed("a chunk that is longer than its size");
                }
                at = At.DATA_LF;
            }
            case DATA_LF -> {
                FieldLines.newline(part, b);
                at = At.LINE;
            }
            case TRAILERS -> trailer(b);
            case DATA, END -> throw new IllegalStateException("no framing");
        }
    }

    private void line(byte b) {
        if (line.ends(b)) {
            dataLeft = line.size();
            at = dataLeft == 0 ? At.TRAILERS : At.DATA;
            line.reset();
        }
    }

    private void trailer(byte b) {
        if (++trailerBytes > maxTrailerBytes) {
            throw part.tooLarge("trailers that are too long");
        }
        if (trailers.ends(b)) {
            at = At.END;
        }
    }
}
