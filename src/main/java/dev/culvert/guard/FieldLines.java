package dev.culvert.guard;

/** The field lines of a head, or the trailers of a chunked body, up to their empty line: RFC 9112 §5, RFC 9110 §5. */
final class FieldLines {
    private enum At {
        LINE,
        NAME,
        VALUE,
        LINE_END,
        SECTION_END
    }

    private final Part part;
    private final int maxFields;

    private At at = At.LINE;
    private int fields;

    FieldLines(Part part, int maxFields) {
        this.part = part;
        this.maxFields = maxFields;
    }

    /** Ready for the next section. */
    void reset() {
        at = At.LINE;
        fields = 0;
    }

    /**
     * Passes over the bytes of a name or a value that may stand there: most of a section.
     *
     * @return where the first one is that {@link #ends} has to look at, or the end
     */
    int pass(byte[] bytes, int from, int to) {
        int i = from;
        if (at == At.VALUE) {
            while (i < to && Tokens.isTextByte(bytes[i])) {
                i++;
            }
        } else if (at == At.NAME) {
            while (i < to && Tokens.isTokenByte(bytes[i])) {
                i++;
            }
        }
        return i;
    }

    /** Whether this byte ends the section. */
    boolean ends(byte b) {
        switch (at) {
            case LINE -> line(b);
            case NAME -> name(b);
            case VALUE -> value(b);
            case LINE_END, SECTION_END -> {
                newline(part, b);
                boolean ended = at == At.SECTION_END;
                at = At.LINE;
                return ended;
            }
        }
        return false;
    }

    private void line(byte b) {
        if (b == '\r') {
            at = At.SECTION_END;
            return;
        }
        if (b == ' ' || b == '\t') {
            throw part.malformed("a folded field line"); // RFC 9112 §5.2: a server MUST reject obs-fold, or replace it
        }
        if (!Tokens.isTokenByte(b)) {
            throw part.malformed("a field without a valid name"); // RFC 9110 §5.1: field-name = token
        }
        if (++fields > maxFields) {
            throw part.tooLarge("too many fields");
        }
        at = At.NAME;
    }

    private void name(byte b) {
        if (b == ':') {
            at = At.VALUE;
        } else if (!Tokens.isTokenByte(b)) {
            throw part.malformed(
                    "a byte that a field name cannot have"); // RFC 9112 §5.1: no whitespace before the colon
        }
    }

    private void value(byte b) {
        if (b == '\r') {
            at = At.LINE_END;
        } else if (!Tokens.isTextByte(b)) {
            throw part.malformed("a control byte in a field value"); // RFC 9110 §5.5: CR, LF and NUL are dangerous
        }
    }

    /** RFC 9112 §2.2: a recipient of a bare CR MUST consider that element to be invalid. */
    static void newline(Part part, byte b) {
        if (b != '\n') {
            throw part.malformed("a bare CR");
        }
    }
}
