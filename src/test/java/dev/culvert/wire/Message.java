package dev.culvert.wire;

import java.util.List;

/**
 * A whole message as {@link StrictReader} read it.
 *
 * @param startLine the first line without its end
 * @param fields {@code name: value}, a line each, as they came
 * @param body without its framing, a byte a character
 */
public record Message(String startLine, List<String> fields, String body) {
    /** The method of a request. */
    public String method() {
        return startLine.substring(0, startLine.indexOf(' '));
    }

    /** The target of a request. */
    public String target() {
        return startLine.split(" ", -1)[1];
    }

    /** The status of an answer. */
    public int status() {
        return Integer.parseInt(startLine.substring(9, 12));
    }

    /** The values of all lines of this name, trimmed. */
    public List<String> values(String name) {
        return fields.stream()
                .filter(line -> line.substring(0, line.indexOf(':')).equalsIgnoreCase(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .toList();
    }
}
