package dev.culvert.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head that the app is sent: the client's, whole, without what ends at this hop and with the pair set anew. */
public final class UpstreamHead {
    private final Forwarded forwarded;
    private final String defaultHost;

    /**
     * For every request of a process.
     *
     * @param forwarded names the client to the app
     * @param defaultHost Host for a request that may lack one, which HTTP/1.0 allows
     */
    public UpstreamHead(Forwarded forwarded, String defaultHost) {
        this.forwarded = forwarded;
        this.defaultHost = defaultHost;
    }

    /**
     * The head of an upgrade.
     *
     * @param client the request as it came; its fields that end here stay, the others are made fit for the app
     * @param upgrade what it asks for
     * @param peer whoever is connected to us; null where it has no IP address
     * @return in a direct buffer, the caller's
     */
    public ByteBuf of(HttpRequest client, UpgradeRequest upgrade, @Nullable InetAddress peer) {
        HopByHop.removeNominated(client.headers());
        complete(client.headers(), peer);
        HeadWriter head = HeadWriter.request(client);
        head.endToEnd(client.headers());
        // RFC 9110 §7.8: a sender of Upgrade MUST also send an "upgrade" connection option.
        head.field("Connection", "Upgrade");
        head.field("Upgrade", String.join(", ", upgrade.protocols()));
        return head.end();
    }

    /**
     * The head of an upgrade that nobody asked us for.
     *
     * @return in a direct buffer, the caller's
     */
    public static ByteBuf ofOurOwn(HttpRequest request) {
        HeadWriter head = HeadWriter.request(request);
        head.fields(request.headers());
        return head.end();
    }

    /**
     * A plain request, made fit for the app in place. Of Connection the option to close stays, for the HTTP server behind us,
     * which does not pass it on. An HTTP/1.0 client's wish to keep the connection does not stay: an answer of unknown length
     * could then not be ended. TE is said anew: we pass trailers on, and RFC 9110 §10.1.4 lets an intermediary speak for its
     * clients.
     *
     * @param peer whoever is connected to us; null where it has no IP address
     */
    public void ofPlain(HttpRequest client, @Nullable InetAddress peer) {
        HttpHeaders headers = client.headers();
        List<String> connection = FieldList.lines(headers, HttpHeaderNames.CONNECTION);
        boolean http10 = client.protocolVersion().equals(HttpVersion.HTTP_1_0);
        boolean trailers = !http10 && FieldList.contains(FieldList.lines(headers, HttpHeaderNames.TE), "trailers");
        HopByHop.removeBeforeTrailers(headers);
        complete(headers, peer);
        if (trailers) {
            headers.set("TE", "trailers");
        }
        if (http10) {
            headers.remove(HttpHeaderNames.EXPECT); // RFC 9110 §10.1.1: in HTTP/1.0 a server MUST ignore 100-continue
        }
        if (FieldList.contains(connection, "close")) {
            headers.set("Connection", "close");
        }
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            headers.set("Transfer-Encoding", "chunked"); // the library knows no other letter case
        }
    }

    /**
     * Adds to a request's end-to-end fields what the app must be told.
     *
     * @param headers changed in place
     * @param peer whoever is connected to us; null where it has no IP address
     */
    private void complete(HttpHeaders headers, @Nullable InetAddress peer) {
        if (!headers.contains(HttpHeaderNames.HOST)) {
            headers.set("Host", defaultHost);
        }
        forwarded.apply(headers, peer);
    }
}
