package dev.culvert.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The lines of a table among the test resources. A line that begins with {@code #} is a comment. */
public final class Rows {
    private Rows() {}

    /**
     * All lines but the comments, blank ones included.
     *
     * @param file its path on the class path, with a leading slash
     */
    public static List<String> of(String file) {
        try (InputStream in = Objects.requireNonNull(Rows.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
