package dev.culvert.handshake;

import dev.culvert.config.RestoreMode;
import dev.culvert.config.UpgradeSettings;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A request that asks to leave HTTP, or that asked to before a proxy on the way took the words out of its mouth.
 *
 * @param protocols what it offers of the allowed protocols, each once, as the client spelled them; never empty
 * @param missing what was put back: {@code upgrade}, {@code connection}, {@code http/1.1}; empty for an upgrade that came
 *     whole
 */
public record UpgradeRequest(List<String> protocols, List<String> missing) {
    private static final String ANY = "*";
    private static final String H2C = "h2c";
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    /** RFC 9110 §7.8. What is none, a quoted string with commas in it, another recipient may read as several. */
    private static final Pattern NAME_AND_VERSION = Pattern.compile(TOKEN + "(/" + TOKEN + ")?");

    /**
     * Looks at a request that the guard let pass.
     *
     * @return empty for a plain request
     */
    public static Optional<UpgradeRequest> of(HttpRequest request, UpgradeSettings settings) {
        HttpHeaders headers = request.headers();
        boolean connection = FieldList.contains(FieldList.lines(headers, HttpHeaderNames.CONNECTION), "upgrade");
        List<String> offered = FieldList.elements(FieldList.lines(headers, HttpHeaderNames.UPGRADE));
        List<String> allowed = allowed(offered, settings.protocols());
        boolean http11 = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        // RFC 9110 §7.8: a server MUST ignore an Upgrade field that is received in an HTTP/1.0 request.
        if (http11 && connection && !allowed.isEmpty()) {
            return Optional.of(new UpgradeRequest(allowed, List.of()));
        }
        if (!restorable(request, offered, settings)) {
            return Optional.empty();
        }
        List<String> missing = new ArrayList<>(3);
        if (offered.isEmpty()) {
            missing.add("upgrade");
        }
        if (!connection) {
            missing.add("connection");
        }
        if (!http11) {
            missing.add("http/1.1");
        }
        List<String> protocols = allowed.stream()
                .filter(WebSocketFields.PROTOCOL::equalsIgnoreCase)
                .toList();
        return Optional.of(new UpgradeRequest(
                protocols.isEmpty() ? List.of(WebSocketFields.PROTOCOL) : protocols, List.copyOf(missing)));
    }

    /** Whether anything had to be put back. */
    public boolean restored() {
        return !missing.isEmpty();
    }

    /** Whether this protocol is among those that are offered. */
    boolean offers(String protocol) {
        for (String offered : protocols) {
            if (offered.equalsIgnoreCase(protocol)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> allowed(List<String> offered, List<String> allowed) {
        if (offered.isEmpty()) {
            return List.of();
        }
        if (offered.size() == 1) {
            return isAllowed(allowed, offered.get(0)) ? List.of(offered.get(0)) : List.of();
        }
        TreeSet<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        List<String> kept = new ArrayList<>(offered.size());
        for (String protocol : offered) {
            // Each once: ws compares the whole field with "websocket", and some proxies double it.
            if (isAllowed(allowed, protocol) && seen.add(protocol)) {
                kept.add(protocol);
            }
        }
        return List.copyOf(kept);
    }

    private static boolean isAllowed(List<String> allowed, String protocol) {
        boolean valid = protocol.equalsIgnoreCase(WebSocketFields.PROTOCOL)
                || NAME_AND_VERSION.matcher(protocol).matches();
        return valid && allows(allowed, protocol);
    }

    /** A protocol without a version stands for all of its versions: RFC 9110 §7.8. h2c must be named: RFC 9113 §3.1. */
    private static boolean allows(List<String> allowed, String protocol) {
        String name = protocol.toLowerCase(Locale.ROOT);
        for (String named : allowed) {
            if (named.equalsIgnoreCase(name) || name.startsWith(named.toLowerCase(Locale.ROOT) + "/")) {
                return true;
            }
        }
        return allowed.contains(ANY) && !name.equals(H2C);
    }

    private static boolean restorable(HttpRequest request, List<String> offered, UpgradeSettings settings) {
        HttpHeaders headers = request.headers();
        return settings.restore() != RestoreMode.OFF
                && request.method().equals(HttpMethod.GET)
                && WebSocketFields.key(headers).isPresent()
                && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION)
                && (offered.isEmpty() || offered.stream().anyMatch(WebSocketFields.PROTOCOL::equalsIgnoreCase))
                && allows(settings.protocols(), WebSocketFields.PROTOCOL)
                && (settings.restore() == RestoreMode.ALWAYS || hopCannotBeReused(request));
    }

    /**
     * A 101 that the proxy in front did not ask for ends the HTTP on that connection. Where the proxy would send another
     * client's request on it next, that client could read the tunnel's bytes as its response.
     */
    private static boolean hopCannotBeReused(HttpRequest request) {
        List<String> connection = FieldList.lines(request.headers(), HttpHeaderNames.CONNECTION);
        if (FieldList.contains(connection, HttpHeaderValues.CLOSE.toString())) {
            return true;
        }
        return request.protocolVersion().equals(HttpVersion.HTTP_1_0)
                && !FieldList.contains(connection, HttpHeaderValues.KEEP_ALIVE.toString());
    }
}
