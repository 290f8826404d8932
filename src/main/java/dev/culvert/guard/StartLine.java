package dev.culvert.guard;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The first line of a message: RFC 9112 §3 and §4, with single spaces and nothing else between its parts. */
final class StartLine {
    private static final Pattern REQUEST = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]++ [!-~]++ HTTP/[0-9]\\.[0-9]");
    private static final Pattern ANSWER =
            Pattern.compile("HTTP/1\\.[0-9] [1-9][0-9]{2}( [^\\x00-\\x08\\x0a-\\x1f\\x7f]*)?");
    private static final String PREFACE = "PRI * HTTP/2.0";

    private StartLine() {}

    /** @throws RefusedException when the line is none, or speaks another version than HTTP/1 */
    static void check(ByteBuf in, int from, int length, boolean request) {
        String line = in.toString(from, length, StandardCharsets.ISO_8859_1);
        if (!request) {
            if (!ANSWER.matcher(line).matches()) {
                throw new RefusedException(
                        Refusal.UPSTREAM_ANSWER, "the app's answer does not start with a status line");
            }
            return;
        }
        if (line.equals(PREFACE)) {
            throw new RefusedException(Refusal.HTTP2_PREFACE, "HTTP/2 is not spoken here");
        }
        if (!REQUEST.matcher(line).matches()) {
            throw new RefusedException(Refusal.BAD_SYNTAX, "the request line is not method, target and version");
        }
        if (line.charAt(line.length() - 3) != '1') {
            throw new RefusedException(Refusal.VERSION, "only HTTP/1.0 and HTTP/1.1 are spoken here");
        }
    }
}
