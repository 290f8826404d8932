package dev.culvert.handshake;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** List-based fields, RFC 9110 §5.6.1: the elements of all lines together, empty ones left out. */
final class FieldList {
    private FieldList() {}

    /** A field's lines, in order. Netty makes a linked list and a view of it, also for one or none; its iterator goes backwards. */
    static List<String> lines(HttpHeaders headers, CharSequence name) {
        if (!headers.contains(name)) {
            return List.of();
        }
        Iterator<String> values = headers.valueStringIterator(name);
        String first = values.next();
        return values.hasNext() ? headers.getAll(name) : List.of(first);
    }

    /** The elements in order, trimmed; a comma within a quoted string parts nothing. */
    static List<String> elements(List<String> lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        List<String> elements = new ArrayList<>(4);
        for (String line : lines) {
            boolean quoted = false;
            int from = 0;
            for (int i = 0; i < line.length(); i++) {
                char c = line.charAt(i);
                if (c == '\\' && quoted) {
                    i++;
                } else if (c == '"') {
                    quoted = !quoted;
                } else if (c == ',' && !quoted) {
                    add(elements, line.substring(from, i));
                    from = i + 1;
                }
            }
            add(elements, line.substring(from));
        }
        return elements;
    }

    /** Whether an element is this token, in any letter case. */
    static boolean contains(List<String> lines, String token) {
        for (String element : elements(lines)) {
            if (element.equalsIgnoreCase(token)) {
                return true;
            }
        }
        return false;
    }

    /** The element without its parameters: {@code permessage-deflate} of {@code permessage-deflate; server_no_context_takeover}. */
    static String withoutParameters(String element) {
        int semicolon = element.indexOf(';');
        return semicolon < 0 ? element : element.substring(0, semicolon).strip();
    }

    private static void add(List<String> elements, String element) {
        String trimmed = element.strip();
        if (!trimmed.isEmpty()) {
            elements.add(trimmed);
        }
    }
}
