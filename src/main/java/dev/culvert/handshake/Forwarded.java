package dev.culvert.handshake;

import dev.culvert.config.Cidr;
import dev.culvert.config.ForwardedMode;
import dev.culvert.config.ForwardedSettings;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the app who the client is: {@code X-Forwarded-For}, {@code -Proto}, {@code -Host}, and {@code Forwarded} of RFC
 * 7239. A chain of hops is extended, never begun in its middle: where a trusted proxy sent one of the two kinds only, the
 * other is not added, since frameworks prefer it and would take the proxy for the client.
 */
public final class Forwarded {
    private static final AsciiString FOR = AsciiString.cached("X-Forwarded-For");
    private static final AsciiString PROTO = AsciiString.cached("X-Forwarded-Proto");
    private static final AsciiString HOST = AsciiString.cached("X-Forwarded-Host");
    private static final AsciiString FORWARDED = AsciiString.cached("Forwarded");
    private static final List<AsciiString> NAMES = List.of(FOR, PROTO, HOST, FORWARDED);
    private static final Set<String> LOOKALIKES = Set.of("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host");
    private static final String SCHEME = "http";

    private final ForwardedMode mode;
    private final List<Cidr> trusted;

    public Forwarded(ForwardedSettings settings) {
        this.mode = settings.mode();
        this.trusted = settings.trustedProxies().orElse(List.of());
    }

    /**
     * Sets the fields of a request that goes to the app.
     *
     * @param headers the request's, changed in place
     * @param peer whoever is connected to us; null where it has no IP address
     */
    public void apply(HttpHeaders headers, @Nullable InetAddress peer) {
        if (mode == ForwardedMode.OFF) {
            return;
        }
        dropLookalikes(headers);
        if (mode == ForwardedMode.REPLACE || !isTrusted(peer)) {
            NAMES.forEach(headers::remove);
        }
        boolean plainChain = headers.contains(FOR) || headers.contains(PROTO) || headers.contains(HOST);
        boolean standardChain = headers.contains(FORWARDED);
        String host = headers.get(HttpHeaderNames.HOST);
        String address = peer == null ? null : peer.getHostAddress();
        if (plainChain || !standardChain) {
            extendPlain(headers, address, host);
        }
        if (standardChain || !plainChain) {
            extend(headers, FORWARDED, element(address, host));
        }
    }

    private boolean isTrusted(@Nullable InetAddress peer) {
        if (peer != null) {
            for (Cidr network : trusted) {
                if (network.contains(peer)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** CGI and WSGI apps read {@code X_Forwarded_For} as {@code X-Forwarded-For}: nobody honest sends it. */
    private static void dropLookalikes(HttpHeaders headers) {
        List<CharSequence> drop = new ArrayList<>(0);
        headers.iteratorCharSequence().forEachRemaining(field -> {
            CharSequence name = field.getKey();
            if (AsciiString.indexOf(name, '_', 0) >= 0
                    && LOOKALIKES.contains(
                            name.toString().toLowerCase(Locale.ROOT).replace('_', '-'))) {
                drop.add(name);
            }
        });
        drop.forEach(headers::remove);
    }

    private static void extendPlain(HttpHeaders headers, @Nullable String address, @Nullable String host) {
        if (address != null) {
            extend(headers, FOR, address);
        }
        if (!headers.contains(PROTO)) {
            headers.set(PROTO, SCHEME);
        }
        if (host != null && !headers.contains(HOST)) {
            headers.set(HOST, host);
        }
    }

    private static void extend(HttpHeaders headers, CharSequence name, String element) {
        List<String> lines = FieldList.lines(headers, name);
        headers.set(name, lines.isEmpty() ? element : String.join(", ", lines) + ", " + element);
    }

    /** RFC 7239 §4, §6: an IPv6 address stands in brackets and quotes; a host with a port needs quotes. */
    private static String element(@Nullable String address, @Nullable String host) {
        StringBuilder element = new StringBuilder("for=");
        if (address == null) {
            element.append("unknown");
        } else if (address.indexOf(':') >= 0) {
            element.append("\"[").append(address).append("]\"");
        } else {
            element.append(address);
        }
        if (host != null) {
            element.append(";host=\"").append(host).append('"');
        }
        return element.append(";proto=").append(SCHEME).toString();
    }
}
