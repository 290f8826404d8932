package dev.culvert.observation;

/** Text from the wire, made fit for a log line: nobody writes a second line, a terminal escape or a closing quote into it. */
final class WireText {
    private static final int MOST = 1024;

    private WireText() {}

    /** In double quotes, everything but visible ASCII escaped, cut after 1,024 characters. */
    static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }

    /** Everything but visible ASCII escaped, quotes and backslashes too; cut after 1,024 characters. */
    static String escaped(String text) {
        StringBuilder line = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length() && i < MOST; i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                line.append(c);
            } else {
                line.append("\\x");
                line.append(Character.forDigit(c >> 4 & 0xf, 16)).append(Character.forDigit(c & 0xf, 16));
            }
        }
        return text.length() > MOST ? line.append("...").toString() : line.toString();
    }
}
