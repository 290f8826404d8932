package dev.culvert.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.RefusedException;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Lines a byte or three away from good ones, beside RFC 9112's grammar as an expression. */
class StartLineTest {
    private static final Pattern REQUEST = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+ [!-~]+ HTTP/1\\.[0-9]");
    private static final Pattern ANSWER =
            Pattern.compile("HTTP/1\\.[0-9] [1-9][0-9]{2}( [^\\x00-\\x08\\x0a-\\x1f\\x7f]*)?");
    private static final List<String> REQUESTS =
            List.of("GET / HTTP/1.1", "M-SEARCH * HTTP/1.0", "POST http://a/b?c HTTP/1.1", "a b HTTP/1.9");
    private static final List<String> ANSWERS =
            List.of("HTTP/1.1 200 OK", "HTTP/1.0 404 ", "HTTP/1.1 101", "HTTP/1.1 500 a\tb \u00fc");
    private static final String BYTES = " \t\0\u007f\u0080\u00ff/HTP0123459.1:(a~!\u001f";
    private static final int LINES = 200_000;
    private static final long SEED = 11;

    private final Random random = new Random(SEED);

    private String changed(String line) {
        StringBuilder changed = new StringBuilder(line);
        for (int times = random.nextInt(4); times > 0; times--) {
            int at = random.nextInt(changed.length() + 1);
            char c = BYTES.charAt(random.nextInt(BYTES.length()));
            switch (random.nextInt(3)) {
                case 0 -> changed.insert(at, c);
                case 1 -> changed.delete(at, at + random.nextInt(3));
                default -> changed.replace(at, Math.min(at + 1, changed.length()), String.valueOf(c));
            }
        }
        return changed.toString();
    }

    private static boolean passes(String line, boolean request) {
        try {
            StartLine.check(
                    Unpooled.wrappedBuffer(line.getBytes(StandardCharsets.ISO_8859_1)), 0, line.length(), request);
            return true;
        } catch (RefusedException refused) {
            return false;
        }
    }

    private void agrees(List<String> good, boolean request, Pattern grammar) {
        int passed = 0;
        for (int i = 0; i < LINES; i++) {
            String line = changed(good.get(i % good.size()));
            boolean passes = passes(line, request);
            passed += passes ? 1 : 0;
            assertThat(passes).as(line).isEqualTo(grammar.matcher(line).matches());
        }
        assertThat(passed).isBetween(LINES / 10, LINES * 9 / 10);
    }

    @Test
    void aRequestLineIsWhatTheGrammarSays() {
        agrees(REQUESTS, true, REQUEST);
    }

    @Test
    void aStatusLineIsWhatTheGrammarSays() {
        agrees(ANSWERS, false, ANSWER);
    }
}
