package dev.culvert.handshake;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which fields end at this hop: RFC 9110 §7.6.1. An intermediary MUST remove the fields that Connection nominates, and
 * Connection itself, and ought to remove the others that are known to be meant for one hop.
 */
public final class HopByHop {
    /** An array, since each field of each head is looked for here. */
    private static final AsciiString[] ALWAYS = Stream.of(
                    "connection",
                    "upgrade",
                    "keep-alive",
                    "proxy-connection",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "te",
                    "http2-settings")
            .map(AsciiString::cached)
            .toArray(AsciiString[]::new);

    /**
     * Fields that a peer must not be able to make us drop: a nomination of these is an attack on the app (a request without
     * its Cookie or its length means something else), never an honest use.
     */
    private static final Set<String> PROTECTED = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "cookie",
            "set-cookie",
            "authorization",
            "www-authenticate",
            "origin");

    private HopByHop() {}

    /**
     * Removes the fields that end here from a head, in both directions.
     *
     * @param head changed in place
     */
    static void remove(HttpHeaders head) {
        removeBeforeTrailers(head);
        head.remove(HttpHeaderNames.TRAILER);
    }

    /** The same where trailers are passed on, and with them the field that announces them: RFC 9110 §6.6.2. */
    static void removeBeforeTrailers(HttpHeaders head) {
        removeNominated(head);
        for (AsciiString name : ALWAYS) {
            head.remove(name);
        }
    }

    /**
     * Removes the fields that Connection nominates, and that do not {@link #ends end} here anyway.
     *
     * @param head changed in place
     */
    static void removeNominated(HttpHeaders head) {
        nominated(FieldList.lines(head, HttpHeaderNames.CONNECTION)).forEach(head::remove);
    }

    /**
     * Whether a head's field ends here, nominated or not.
     *
     * @param name in any letter case
     */
    static boolean ends(CharSequence name) {
        return isAlways(name) || HttpHeaderNames.TRAILER.contentEqualsIgnoreCase(name);
    }

    private static boolean isAlways(CharSequence name) {
        for (AsciiString always : ALWAYS) {
            if (always.contentEqualsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a field of a trailer section ends here.
     *
     * @param name in lower case
     * @param connectionLines of the same message's head
     */
    static boolean endsInTrailers(String name, List<String> connectionLines) {
        return ends(name) || nominated(connectionLines).contains(name);
    }

    private static Set<String> nominated(List<String> connectionLines) {
        if (connectionLines.isEmpty()) {
            return Set.of();
        }
        Set<String> names = Set.of();
        for (String nominated : FieldList.elements(connectionLines)) {
            String name = nominated.toLowerCase(Locale.ROOT);
            if (!isAlways(name) && !PROTECTED.contains(name) && !name.startsWith("sec-websocket-")) {
                names = names.isEmpty() ? new HashSet<>(4) : names;
                names.add(name);
            }
        }
        return names;
    }
}
