package dev.culvert.admission;

import java.util.List;
import java.util.Locale;

/**
 * Origins that may open a tunnel, RFC 6455 §10.2: browsers send cookies with a WebSocket from any page, so this is what
 * keeps a stranger's page from using a user's session. Clients that are no browsers send no Origin and can invent any.
 */
final class Origins {
    private static final String WILDCARD = "://*.";

    private final List<String> allowed;

    /** @param allowed {@code https://example.org} or {@code https://*.example.org}; empty: every one is */
    Origins(List<String> allowed) {
        this.allowed =
                allowed.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).toList();
    }

    /** @param lines the request's Origin lines; where a list is set, one line that matches is required */
    boolean allow(List<String> lines) {
        if (allowed.isEmpty()) {
            return true;
        }
        return lines.size() == 1
                && allowed.stream()
                        .anyMatch(pattern -> matches(pattern, lines.get(0).toLowerCase(Locale.ROOT)));
    }

    private static boolean matches(String pattern, String origin) {
        int wildcard = pattern.indexOf(WILDCARD);
        if (wildcard < 0) {
            return pattern.equals(origin);
        }
        String scheme = pattern.substring(0, wildcard + 3);
        String suffix = pattern.substring(wildcard + 4);
        return origin.startsWith(scheme)
                && origin.endsWith(suffix)
                && origin.length() > scheme.length() + suffix.length()
                && origin.indexOf('/', scheme.length()) < 0;
    }
}
