package dev.culvert.wire;

import java.nio.charset.StandardCharsets;

/**
 * Bytes as text in a table: {@code \r}, {@code \n}, {@code \t}, {@code \0}, {@code \\}, {@code \xNN} in hexadecimal, and
 * {@code \(text*times)}. Every other character is a byte of ISO 8859-1.
 */
public final class Escapes {
    private Escapes() {}

    /** The bytes that a text stands for. */
    public static byte[] bytes(String text) {
        return latin1(decode(text));
    }

    /** A byte for each character. */
    public static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The same as a string, a byte a character. */
    public static String decode(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\\') {
                decoded.append(c);
                continue;
            }
            char escaped = text.charAt(at++);
            switch (escaped) {
                case 'r' -> decoded.append('\r');
                case 'n' -> decoded.append('\n');
                case 't' -> decoded.append('\t');
                case '0' -> decoded.append('\0');
                case '\\' -> decoded.append('\\');
                case 'x' -> {
                    decoded.append((char) Integer.parseInt(text.substring(at, at + 2), 16));
                    at += 2;
                }
                case '(' -> {
                    int end = text.indexOf(')', at);
                    int star = text.lastIndexOf('*', end);
                    String repeated = decode(text.substring(at, star));
                    decoded.append(repeated.repeat(Integer.parseInt(text.substring(star + 1, end))));
                    at = end + 1;
                }
                default -> throw new IllegalArgumentException("no such escape in " + text);
            }
        }
        return decoded.toString();
    }

    /** Bytes as a row of a table would have them. */
    public static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length + 16);
        for (byte b : bytes) {
            switch (b) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\\' -> text.append("\\\\");
                default -> {
                    if (b >= ' ' && b < 0x7f) {
                        text.append((char) b);
                    } else {
                        text.append("\\x").append(Character.forDigit(b >> 4 & 0xf, 16));
                        text.append(Character.forDigit(b & 0xf, 16));
                    }
                }
            }
        }
        return text.toString();
    }
}
