package dev.culvert.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads messages by the grammar of RFC 9112 and by nothing else; shares no code with what is under test. Empty lines before
 * a request are skipped, which §2.2 asks for. Not thread-safe.
 */
public final class StrictReader {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String TEXT = "[\\t -~\\x80-\\xff]*";
    private static final Pattern REQUEST_LINE = Pattern.compile(TOKEN + " [!-~]+ HTTP/1\\.[0-9]");
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[0-9] [1-9][0-9]{2}( " + TEXT + ")?");
    private static final Pattern FIELD = Pattern.compile(TOKEN + ":" + TEXT);
    private static final String QUOTED = "\"([\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*\"";
    private static final String EXTENSION =
            "[ \\t]*;[ \\t]*" + TOKEN + "([ \\t]*=[ \\t]*(" + TOKEN + "|" + QUOTED + "))?";
    private static final Pattern CHUNK = Pattern.compile("[0-9A-Fa-f]{1,250}(" + EXTENSION + ")*");

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

    private final Lines in;
    private volatile boolean inMessage;

    public StrictReader(InputStream in) {
        this.in = new Lines(in);
    }

    /** Whether a message has begun and has not ended; safe to ask from any thread. */
    public boolean inMessage() {
        return inMessage;
    }

    /**
     * The next request.
     *
     * @return empty at the end of the stream
     * @throws MalformedException when it is none
     * @throws EOFException when the stream ends within it
     */
    public Optional<Message> request() throws IOException {
        if (!begun()) {
            return Optional.empty();
        }
        List<String> fields = new ArrayList<>();
        String startLine = in.line();
        if (!REQUEST_LINE.matcher(startLine).matches()) {
            throw new MalformedException("no request line: " + startLine);
        }
        readFields(fields);
        Message head = new Message(startLine, List.copyOf(fields), "");
        boolean http10 = startLine.endsWith("HTTP/1.0");
        return Optional.of(ended(head, body(head, http10, 0)));
    }

    /**
     * The next answer, an interim one included.
     *
     * @param toHead whether a HEAD asked for it
     * @return empty at the end of the stream
     * @throws MalformedException when it is none
     * @throws EOFException when the stream ends within it
     */
    public Optional<Message> answer(boolean toHead) throws IOException {
        if (!begun()) {
            return Optional.empty();
        }
        String startLine = in.line();
        if (!STATUS_LINE.matcher(startLine).matches()) {
            throw new MalformedException("no status line: " + startLine);
        }
        List<String> fields = new ArrayList<>();
        readFields(fields);
        Message head = new Message(startLine, List.copyOf(fields), "");
        int status = head.status();
        boolean bodiless = toHead || status < 200 || status == 204 || status == 304;
        return Optional.of(bodiless ? ended(head, "") : ended(head, body(head, false, -1)));
    }

    private Message ended(Message head, String body) {
        inMessage = false;
        return new Message(head.startLine(), head.fields(), body);
    }

    /** Waits for a message's first byte. */
    private boolean begun() throws IOException {
        while (true) {
            int b = in.peek();
            if (b < 0) {
                return false;
            }
            inMessage = true;
            if (b != '\r') {
                return true;
            }
            if (!in.line().isEmpty()) {
                throw new MalformedException("a bare CR before a message");
            }
            inMessage = false;
        }
    }

    /** RFC 9112 §6.3. */
    private String body(Message head, boolean http10, int without) throws IOException {
        List<String> lengths = head.values("Content-Length");
        List<String> codings = head.values("Transfer-Encoding");
        if (!codings.isEmpty()) {
            if (http10
                    || !lengths.isEmpty()
                    || codings.size() != 1
                    || !codings.get(0).equalsIgnoreCase("chunked")) {
                throw new MalformedException("unclear framing: " + head.fields());
            }
            return chunks();
        }
        if (lengths.isEmpty()) {
            return without == 0 ? "" : in.rest();
        }
        if (lengths.size() > 1 || !DIGITS.matcher(lengths.get(0)).matches()) {
            throw new MalformedException("unclear length: " + lengths);
        }
        return in.exactly(Long.parseLong(lengths.get(0)));
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            String line = in.line();
            if (!CHUNK.matcher(line).matches()) {
                throw new MalformedException("no chunk: " + line);
            }
            BigInteger size = new BigInteger(line.split("[ \\t;]", 2)[0], 16);
            if (size.signum() == 0) {
                readFields(new ArrayList<>());
                return body.toString();
            }
            body.append(in.exactly(size.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue()));
            if (!in.line().isEmpty()) {
                throw new MalformedException("a chunk that is longer than its size");
            }
        }
    }

    private void readFields(List<String> fields) throws IOException {
        for (String line = in.line(); !line.isEmpty(); line = in.line()) {
            if (!FIELD.matcher(line).matches()) {
                throw new MalformedException("no field: " + line);
            }
            fields.add(line);
        }
    }
}
