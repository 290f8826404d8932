package dev.culvert.guard;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMessage;

/**
 * Finds the end of a message head and lets no byte pass that RFC 9112 does not allow there. The parsers behind it forgive
 * what two recipients may read in two ways (folded lines, a bare CR or LF, blanks before the colon, control bytes); this
 * does not. It never looks back, however the head is cut into reads, keeps a few numbers and no bytes.
 *
 * <p>Not thread-safe: one for each connection and direction, {@link #reset} between heads.
 */
public final class HeadSyntax {
    private enum At {
        START,
        START_LINE,
        START_LINE_END,
        FIELDS
    }

    /** More than most heads have. */
    private static final int AT_A_TIME = 1 << 10;

    private static final ThreadLocal<byte[]> BYTES = ThreadLocal.withInitial(() -> new byte[AT_A_TIME]);

    private final int maxBytes;
    private final boolean request;
    private final Part part;
    private final FieldLines fields;

    private At at = At.START;
    private int scanned;
    private int startLineLength;

    private HeadSyntax(Part part, int maxBytes, int maxFields) {
        this.part = part;
        this.request = part == Part.REQUEST_HEAD;
        this.maxBytes = maxBytes;
        this.fields = new FieldLines(part, maxFields);
    }

    /** For requests: what is wrong is the client's fault. */
    public static HeadSyntax ofRequests(int maxBytes, int maxFields) {
        return new HeadSyntax(Part.REQUEST_HEAD, maxBytes, maxFields);
    }

    /** For answers: whatever is wrong is {@link Refusal#UPSTREAM_ANSWER}. */
    public static HeadSyntax ofAnswers(int maxBytes, int maxFields) {
        return new HeadSyntax(Part.ANSWER_HEAD, maxBytes, maxFields);
    }

    /** Ready for the next head. */
    public void reset() {
        at = At.START;
        scanned = 0;
        startLineLength = 0;
        fields.reset();
    }

    /** The head, once it is complete. */
    HttpMessage read(ByteBuf in) {
        return request ? HeadReader.request(in, scanned) : HeadReader.answer(in, scanned);
    }

    /** Bytes of the head, once it is complete. */
    int length() {
        return scanned;
    }

    /**
     * Looks at what came since the last call. Empty lines before a request are consumed, nothing else is.
     *
     * @param in starts where the head starts; holds what the last call saw, and perhaps more
     * @return whether the head is complete, from the reader index to its empty line
     * @throws RefusedException when this is no head, or a longer one than allowed
     */
    public boolean complete(ByteBuf in) {
        while (at == At.START && scanned < in.readableBytes()) {
            start(in);
        }
        boolean ended = false;
        while (!ended && scanned < in.readableBytes()) {
            ended = endsWithin(in, Math.min(AT_A_TIME, in.readableBytes() - scanned));
        }
        return ended;
    }

    /** In an array: a buffer looks after each byte that is asked for. */
    private boolean endsWithin(ByteBuf in, int length) {
        byte[] bytes = BYTES.get();
        in.getBytes(in.readerIndex() + scanned, bytes, 0, length);
        int before = scanned;
        int i = 0;
        while (i < length) {
            i = at == At.FIELDS ? fields.pass(bytes, i, length) : i;
            scanned = before + Math.min(i + 1, length);
            if (scanned > maxBytes) {
                throw tooLong();
            }
            if (i < length && ends(in, bytes[i++])) {
                return true;
            }
        }
        return false;
    }

    /** RFC 9112 §2.2: a server SHOULD ignore at least one empty line (CRLF) received prior to the request-line. */
    private void start(ByteBuf in) {
        byte b = in.getByte(in.readerIndex() + scanned);
        boolean newline = request && b == (scanned == 0 ? '\r' : '\n');
        if (newline) {
            scanned++;
        } else if (scanned == 1) {
            throw part.malformed("a bare CR before the start line");
        } else {
            at = At.START_LINE;
        }
        if (scanned == 2) {
            in.skipBytes(2);
            scanned = 0;
        }
    }

    private boolean ends(ByteBuf in, byte b) {
        switch (at) {
            case START_LINE -> startLine(b);
            case START_LINE_END -> {
                FieldLines.newline(part, b);
                StartLine.check(in, in.readerIndex(), startLineLength, request);
                at = At.FIELDS;
            }
            case FIELDS -> {
                return fields.ends(b);
            }
            case START -> throw new IllegalStateException("not started");
        }
        return false;
    }

    private void startLine(byte b) {
        if (b == '\r') {
            startLineLength = scanned - 1;
            at = At.START_LINE_END;
        } else if (b < 0 ? request : (b < ' ' || b == 0x7f)) {
            throw part.malformed("a byte in the start line that is not visible ASCII");
        }
    }

    private RefusedException tooLong() {
        boolean inStartLine = at == At.START_LINE || at == At.START_LINE_END;
        return request && inStartLine
                ? new RefusedException(Refusal.TARGET_TOO_LONG, "the request line is too long")
                : part.tooLarge("too many bytes");
    }
}
