package dev.culvert.upstream;

import dev.culvert.config.UpstreamUrl;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/**
 * Where the app is, looked up once: the app is a neighbour on localhost, and a lookup would block an event loop.
 *
 * @param url as it was set
 * @param socketAddress resolved; a {@link DomainSocketAddress} for a unix socket
 */
public record UpstreamAddress(UpstreamUrl url, SocketAddress socketAddress) {
    /**
     * Looks the host up; blocks while it does.
     *
     * @throws IllegalArgumentException when the host name is not known
     */
    public static UpstreamAddress resolve(UpstreamUrl url) {
        if (url.host() == null) {
            return new UpstreamAddress(url, new DomainSocketAddress(url.path()));
        }
        try {
            return new UpstreamAddress(url, new InetSocketAddress(InetAddress.getByName(url.host()), url.port()));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "culvert.upstream.url=" + url + ": expected a host that can be looked up", e);
        }
    }

    public boolean isUnixSocket() {
        return socketAddress instanceof DomainSocketAddress;
    }

    /** Host for requests that have none: what a client would write that calls the app directly. */
    public String authority() {
        return isUnixSocket() ? "localhost" : url.toString().substring("http://".length());
    }
}
