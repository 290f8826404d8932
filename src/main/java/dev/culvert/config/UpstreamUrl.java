package dev.culvert.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where the app is: a host and a port, or the path of a unix socket.
 *
 * @param host name or address, without brackets; null for a unix socket
 * @param port 1 to 65535; 0 for a unix socket
 * @param path the unix socket; null for a host
 */
public record UpstreamUrl(
        @Nullable String host, int port, @Nullable String path) {
    private static final String EXPECTED = "http://host[:port] or unix:///path";

    /**
     * Reads an address as it is written.
     *
     * @param text {@code http://host[:port]} or {@code unix:///path}
     * @throws IllegalArgumentException with what was expected
     */
    public static UpstreamUrl parse(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(EXPECTED, e);
        }
        if (uri.getQuery() != null || uri.getFragment() != null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException(EXPECTED);
        }
        String path = uri.getPath();
        if ("unix".equals(uri.getScheme()) && uri.getAuthority() == null && path != null && path.length() > 1) {
            return new UpstreamUrl(null, 0, path);
        }
        boolean root = path == null || path.isEmpty() || path.equals("/");
        if (!"http".equals(uri.getScheme())
                || uri.getHost() == null
                || !root
                || uri.getPort() == 0
                || uri.getPort() > 65535) {
            throw new IllegalArgumentException(EXPECTED);
        }
        String host = uri.getHost().startsWith("[")
                ? uri.getHost().substring(1, uri.getHost().length() - 1)
                : uri.getHost();
        return new UpstreamUrl(host, uri.getPort() == -1 ? 80 : uri.getPort(), null);
    }

    /** The app's address that these settings name, the short form applied; a unix socket has no port to replace. */
    public static UpstreamUrl of(UpstreamSettings settings) {
        UpstreamUrl url = settings.url();
        return url.host == null
                ? url
                : settings.port()
                        .map(port -> new UpstreamUrl(url.host, port, null))
                        .orElse(url);
    }

    @Override
    public String toString() {
        if (host == null) {
            return "unix://" + path;
        }
        return "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
