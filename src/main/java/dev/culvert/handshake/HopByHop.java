package dev.culvert.handshake;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which fields end at this hop: RFC 9110 §7.6.1. An intermediary MUST remove the fields that Connection nominates, and
 * Connection itself, and ought to remove the others that are known to be meant for one hop.
 */
public final class HopByHop {
    private static final List<String> ALWAYS = List.of(
            "connection",
            "upgrade",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "http2-settings");

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
     * The fields that end here, in both directions.
     *
     * @param connectionLines the values of all Connection lines
     * @return the names of the fields to remove, in lower case
     */
    public static Set<String> names(List<String> connectionLines) {
        Set<String> names = namesBeforeTrailers(connectionLines);
        names.add("trailer");
        return names;
    }

    /** The same where trailers are passed on, and with them the field that announces them: RFC 9110 §6.6.2. */
    static Set<String> namesBeforeTrailers(List<String> connectionLines) {
        Set<String> names = new LinkedHashSet<>(ALWAYS);
        for (String nominated : FieldList.elements(connectionLines)) {
            String name = nominated.toLowerCase(Locale.ROOT);
            if (!PROTECTED.contains(name) && !name.startsWith("sec-websocket-")) {
                names.add(name);
            }
        }
        return names;
    }
}
