package dev.culvert.guard;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** The first line of a message: RFC 9112 §3 and §4, with single spaces and nothing else between its parts. */
final class StartLine {
    private static final int VERSION_LENGTH = "HTTP/1.1".length();
    private static final int STATUS_LENGTH = "HTTP/1.1 200".length();
    private static final String PREFACE = "PRI * HTTP/2.0";

    private StartLine() {}

    /** @throws RefusedException when the line is none, or speaks another version than HTTP/1 */
    static void check(ByteBuf in, int from, int length, boolean request) {
        String line = in.toString(from, length, StandardCharsets.ISO_8859_1);
        if (!request) {
            if (!isStatusLine(line)) {
                throw new RefusedException(
                        Refusal.UPSTREAM_ANSWER, "the app's answer does not start with a status line");
            }
            return;
        }
        if (line.equals(PREFACE)) {
            throw new RefusedException(Refusal.HTTP2_PREFACE, "HTTP/2 is not spoken here");
        }
        if (!isRequestLine(line)) {
            throw new RefusedException(Refusal.BAD_SYNTAX, "the request line is not method, target and version");
        }
        if (line.charAt(line.length() - 3) != '1') {
            throw new RefusedException(Refusal.VERSION, "only HTTP/1.0 and HTTP/1.1 are spoken here");
        }
    }

    /** Method, target and version, each without a blank in it. */
    private static boolean isRequestLine(String line) {
        int method = line.indexOf(' ');
        int target = line.indexOf(' ', method + 1);
        if (method < 1 || target < method + 2 || target != line.length() - VERSION_LENGTH - 1) {
            return false;
        }
        for (int i = 0; i < method; i++) {
            if (!Tokens.isTokenByte((byte) line.charAt(i))) {
                return false;
            }
        }
        for (int i = method + 1; i < target; i++) {
            if (line.charAt(i) <= ' ' || line.charAt(i) > '~') {
                return false;
            }
        }
        return isVersion(line, target + 1);
    }

    /** Version and status; perhaps a blank, and a reason of any text. */
    private static boolean isStatusLine(String line) {
        if (line.length() < STATUS_LENGTH
                || !isVersion(line, 0)
                || line.charAt("HTTP/".length()) != '1'
                || line.charAt(VERSION_LENGTH) != ' '
                || line.charAt(STATUS_LENGTH - 3) == '0') {
            return false;
        }
        for (int i = STATUS_LENGTH - 3; i < STATUS_LENGTH; i++) {
            if (!isDigit(line.charAt(i))) {
                return false;
            }
        }
        if (line.length() > STATUS_LENGTH && line.charAt(STATUS_LENGTH) != ' ') {
            return false;
        }
        for (int i = STATUS_LENGTH; i < line.length(); i++) {
            if (!Tokens.isTextByte((byte) line.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isVersion(String line, int at) {
        return line.startsWith("HTTP/", at)
                && isDigit(line.charAt(at + 5))
                && line.charAt(at + 6) == '.'
                && isDigit(line.charAt(at + 7));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
