package dev.culvert.guard;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.buffer.ByteBuf;

/**
 * Finds the end of a message head and lets no byte pass that RFC 9112 does not allow there. The parsers behind it forgive
 * what two recipients may read in two ways (folded lines, a bare CR or LF, blanks before the colon, control bytes); this
 * does not. It looks at each byte once however the head is cut into reads, keeps a few numbers and no bytes.
 *
 * <p>Not thread-safe: one for each connection and direction, {@link #reset} between heads.
 */
public final class HeadSyntax {
    private enum At {
        START,
        START_LINE,
        START_LINE_END,
        FIELD,
        NAME,
        VALUE,
        FIELD_END,
        HEAD_END
    }

    private final int maxBytes;
    private final int maxFields;
    private final boolean request;

    private At at = At.START;
    private int scanned;
    private int fields;
    private int startLineLength;

    private HeadSyntax(boolean request, int maxBytes, int maxFields) {
        this.request = request;
        this.maxBytes = maxBytes;
        this.maxFields = maxFields;
    }

    /** For requests: what is wrong is the client's fault. */
    public static HeadSyntax ofRequests(int maxBytes, int maxFields) {
        return new HeadSyntax(true, maxBytes, maxFields);
    }

    /** For answers: whatever is wrong is {@link Refusal#UPSTREAM_ANSWER}. */
    public static HeadSyntax ofAnswers(int maxBytes, int maxFields) {
        return new HeadSyntax(false, maxBytes, maxFields);
    }

    /** Ready for the next head. */
    public void reset() {
        at = At.START;
        scanned = 0;
        fields = 0;
        startLineLength = 0;
    }

    /**
     * Looks at what came since the last call. Empty lines before a request are consumed, nothing else is.
     *
     * @param in starts where the head starts; holds what the last call saw, and perhaps more
     * @return whether the head is complete, from the reader index to its empty line
     * @throws RefusedException when this is no head, or a longer one than allowed
     */
    public boolean complete(ByteBuf in) {
        while (scanned < in.readableBytes()) {
            byte b = in.getByte(in.readerIndex() + scanned);
            scanned++;
            if (at == At.START && !started(in, b)) {
                continue;
            }
            if (scanned > maxBytes) {
                throw tooLong();
            }
            step(in, b);
            if (at == At.HEAD_END && b == '\n') {
                return true;
            }
        }
        return false;
    }

    /** RFC 9112 §2.2: a server SHOULD ignore at least one empty line (CRLF) received prior to the request-line. */
    private boolean started(ByteBuf in, byte b) {
        boolean newline = request && (scanned == 1 ? b == '\r' : b == '\n');
        if (!newline) {
            if (scanned == 2) {
                throw malformed("a bare CR before the start line");
            }
            at = At.START_LINE;
            return true;
        }
        if (scanned == 2) {
            in.skipBytes(2);
            scanned = 0;
        }
        return false;
    }

    private void step(ByteBuf in, byte b) {
        switch (at) {
            case START_LINE -> startLine(b);
            case START_LINE_END -> {
                newline(b);
                StartLine.check(in, in.readerIndex(), startLineLength, request);
                at = At.FIELD;
            }
            case FIELD -> field(b);
            case NAME -> name(b);
            case VALUE -> value(b);
            case FIELD_END -> {
                newline(b);
                at = At.FIELD;
            }
            case HEAD_END -> newline(b);
            case START -> throw new IllegalStateException("not started");
        }
    }

    private void startLine(byte b) {
        if (b == '\r') {
            startLineLength = scanned - 1;
            at = At.START_LINE_END;
        } else if (b < 0 ? request : (b < ' ' || b == 0x7f)) {
            throw malformed("a byte in the start line that is not visible ASCII");
        }
    }

    private void field(byte b) {
        if (b == '\r') {
            at = At.HEAD_END;
            return;
        }
        if (b == ' ' || b == '\t') {
            throw malformed("a folded field line"); // RFC 9112 §5.2: a server MUST reject obs-fold, or replace it
        }
        if (!Tokens.isTokenByte(b)) {
            throw malformed("a field without a valid name"); // RFC 9110 §5.1: field-name = token
        }
        if (++fields > maxFields) {
            throw new RefusedException(request ? Refusal.HEADER_TOO_LARGE : Refusal.UPSTREAM_ANSWER, "too many fields");
        }
        at = At.NAME;
    }

    private void name(byte b) {
        if (b == ':') {
            at = At.VALUE;
        } else if (!Tokens.isTokenByte(b)) {
            throw malformed("a byte that a field name cannot have"); // RFC 9112 §5.1: no whitespace before the colon
        }
    }

    private void value(byte b) {
        if (b == '\r') {
            at = At.FIELD_END;
        } else if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
            throw malformed("a control byte in a field value"); // RFC 9110 §5.5: CR, LF and NUL are dangerous
        }
    }

    private void newline(byte b) {
        if (b != '\n') {
            throw malformed("a bare CR"); // RFC 9112 §2.2: a recipient MUST consider that element to be invalid
        }
    }

    private RefusedException tooLong() {
        if (!request) {
            return malformed("a head that is too long");
        }
        boolean inStartLine = at == At.START_LINE || at == At.START_LINE_END;
        return inStartLine
                ? new RefusedException(Refusal.TARGET_TOO_LONG, "the request line is too long")
                : new RefusedException(Refusal.HEADER_TOO_LARGE, "the head is too long");
    }

    private RefusedException malformed(String what) {
        return new RefusedException(request ? Refusal.BAD_SYNTAX : Refusal.UPSTREAM_ANSWER, "the head has " + what);
    }
}
