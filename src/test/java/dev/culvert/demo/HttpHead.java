package dev.culvert.demo;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The head of a request or an answer. Reads what browsers and our own app send, no more: the front is a stage prop, and the
 * strict reader is Culvert's.
 *
 * @param start the first line
 * @param fields the lines below it, as they came
 */
record HttpHead(String start, List<String> fields) {
    private static final int MOST_BYTES = 64 << 10;
    private static final String END = "\r\n\r\n";

    /** Reads up to the empty line and not a byte further: what follows may be a tunnel's. */
    static HttpHead read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int matched = 0; matched < END.length(); ) {
            int next = in.read();
            if (next < 0 || bytes.size() == MOST_BYTES) {
                throw new EOFException("no whole head");
            }
            bytes.write(next);
            matched = next == END.charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        List<String> lines =
                Arrays.asList(bytes.toString(StandardCharsets.ISO_8859_1).split("\r\n"));
        if (lines.isEmpty()) {
            throw new EOFException("an empty head");
        }
        return new HttpHead(lines.get(0), lines.subList(1, lines.size()));
    }

    /** The first value under that name. */
    Optional<String> value(String name) {
        return fields.stream()
                .filter(line -> isNamed(line, name))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    /** The same without the fields of these names. */
    HttpHead without(String... names) {
        return new HttpHead(
                start,
                fields.stream()
                        .filter(line -> Arrays.stream(names).noneMatch(name -> isNamed(line, name)))
                        .toList());
    }

    /** @param first written before all other fields, each with its line end */
    byte[] encode(String newStart, String first) {
        StringBuilder head = new StringBuilder(newStart).append("\r\n").append(first);
        fields.forEach(line -> head.append(line).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean isNamed(String line, String name) {
        return line.length() > name.length()
                && line.charAt(name.length()) == ':'
                && line.regionMatches(true, 0, name, 0, name.length());
    }
}
