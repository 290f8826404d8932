package dev.culvert.guard;

/** The characters of a token, RFC 9110 §5.6.2, and of text, §5.5. */
final class Tokens {
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = '0'; c <= 'z'; c++) {
            TOKEN[c] = Character.isLetterOrDigit(c);
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private Tokens() {}

    static boolean isTokenByte(byte b) {
        return b >= 0 && TOKEN[b];
    }

    /** Visible, blank, tab or above ASCII. */
    static boolean isTextByte(byte b) {
        return b < 0 || (b >= ' ' && b != 0x7f) || b == '\t';
    }
}
