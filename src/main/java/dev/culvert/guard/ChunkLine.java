package dev.culvert.guard;

/**
 * The line before a chunk's data, RFC 9112 §7.1: its size, and extensions, which nobody here knows and which end here, but
 * whose syntax has to be right for the end of the line to be beyond doubt.
 */
final class ChunkLine {
    /** RFC 9112 §7.1.1: a server ought to limit the length of extensions. A signature of a chunk, the longest known, has 85. */
    static final int MAX_BYTES = 256;

    /** What the parser behind can count: a chunk has less than 2 GiB. */
    private static final long MAX_SIZE = Integer.MAX_VALUE;

    private enum At {
        SIZE,
        BEFORE_SEMICOLON,
        BEFORE_NAME,
        NAME,
        BEFORE_EQUALS,
        BEFORE_VALUE,
        TOKEN,
        QUOTED,
        ESCAPED,
        AFTER_QUOTED,
        LINE_END
    }

    private final Part part;

    private At at = At.SIZE;
    private int bytes;
    private int digits;
    private long size;

    ChunkLine(Part part) {
        this.part = part;
    }

    /** Ready for the next line. */
    void reset() {
        at = At.SIZE;
        bytes = 0;
        digits = 0;
        size = 0;
    }

    /** Bytes of data behind this line; zero for the last chunk. */
    long size() {
        return size;
    }

    /** Whether this byte ends the line. */
    boolean ends(byte b) {
        if (++bytes > MAX_BYTES) {
            throw part.tooLarge("a chunk whose line is too long");
        }
        if (at == At.LINE_END) {
            FieldLines.newline(part, b);
            return true;
        }
        at = step(b);
        return false;
    }

    /** chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS ( token / quoted-string ) ] ). */
    private At step(byte b) {
        return switch (at) {
            case SIZE -> size(b);
            case BEFORE_SEMICOLON -> isBlank(b) ? at : mark(b, false);
            case BEFORE_NAME -> isBlank(b) ? at : token(b, At.NAME);
            case NAME ->
                Tokens.isTokenByte(b) ? at : isBlank(b) ? At.BEFORE_EQUALS : b == '=' ? At.BEFORE_VALUE : end(b);
            case BEFORE_EQUALS -> isBlank(b) ? at : mark(b, true);
            case BEFORE_VALUE -> isBlank(b) ? at : b == '"' ? At.QUOTED : token(b, At.TOKEN);
            case TOKEN -> Tokens.isTokenByte(b) ? at : end(b);
            case QUOTED -> b == '"' ? At.AFTER_QUOTED : b == '\\' ? At.ESCAPED : text(b);
            case ESCAPED -> text(b);
            case AFTER_QUOTED, LINE_END -> end(b);
        };
    }

    private At size(byte b) {
        int digit = b < 0 ? -1 : Character.digit((char) b, 16);
        if (digit < 0) {
            if (digits == 0) {
                throw part.malformed("a chunk without a size");
            }
            return end(b);
        }
        digits++;
        size = size << 4 | digit;
        if (size > MAX_SIZE) {
            throw part.tooLarge("a chunk that is too large");
        }
        return At.SIZE;
    }

    /** Behind a size, or a whole extension. */
    private At end(byte b) {
        return b == '\r' ? At.LINE_END : isBlank(b) ? At.BEFORE_SEMICOLON : mark(b, false);
    }

    private At mark(byte b, boolean mayHaveValue) {
        if (b == ';') {
            return At.BEFORE_NAME;
        }
        if (b == '=' && mayHaveValue) {
            return At.BEFORE_VALUE;
        }
        throw part.malformed("a chunk with more than a size and extensions");
    }

    private At token(byte b, At token) {
        if (!Tokens.isTokenByte(b)) {
            throw part.malformed("a chunk extension that is none");
        }
        return token;
    }

    private At text(byte b) {
        if (!Tokens.isTextByte(b)) {
            throw part.malformed("a control byte in a chunk extension");
        }
        return At.QUOTED;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
