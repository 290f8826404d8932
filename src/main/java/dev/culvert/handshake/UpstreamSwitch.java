package dev.culvert.handshake;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The app's 101: whether it is the one that was asked for, and what of it the client gets. Pure. */
public final class UpstreamSwitch {
    private UpstreamSwitch() {}

    /**
     * Holds a 101 against the request, RFC 9110 §7.8: a server MUST NOT switch to a protocol that was not indicated by the
     * client; RFC 6455 §4.1 for WebSocket's own fields.
     *
     * @param upgrade what was asked for
     * @param asked the request's fields
     * @param answer the app's 101
     * @throws RefusedException when it is not the one that was asked for
     */
    public static void require(UpgradeRequest upgrade, HttpHeaders asked, HttpResponse answer) {
        List<String> chosen = FieldList.elements(FieldList.lines(answer.headers(), HttpHeaderNames.UPGRADE));
        if (chosen.isEmpty()) {
            throw wrong("a 101 that names no protocol");
        }
        boolean webSocket = false;
        for (String protocol : chosen) {
            if (!upgrade.offers(protocol)) {
                throw wrong("a 101 to a protocol that the request did not offer");
            }
            webSocket |= protocol.equalsIgnoreCase(WebSocketFields.PROTOCOL);
        }
        if (webSocket) {
            requireWebSocket(asked, answer.headers());
        }
    }

    private static void requireWebSocket(HttpHeaders asked, HttpHeaders answer) {
        Optional<String> key = WebSocketFields.key(asked);
        List<String> accepts = FieldList.lines(answer, HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
        if (key.isPresent() && !accepts.equals(List.of(WebSocketFields.accept(key.get())))) {
            throw wrong("a 101 with a wrong Sec-WebSocket-Accept");
        }
        List<String> subprotocols = FieldList.lines(answer, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        if (subprotocols.size() > 1 || !areAsked(subprotocols, asked, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
            throw wrong("a 101 with a subprotocol that the request did not ask for");
        }
        List<String> extensions = names(answer, HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
        if (!areAsked(extensions, asked, HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
            throw wrong("a 101 with an extension that the request did not ask for");
        }
    }

    private static boolean areAsked(List<String> chosen, HttpHeaders asked, CharSequence field) {
        return chosen.isEmpty() || names(asked, field).containsAll(chosen);
    }

    /** Names in a list field, without parameters. */
    private static List<String> names(HttpHeaders headers, CharSequence field) {
        List<String> lines = FieldList.lines(headers, field);
        if (lines.isEmpty()) {
            return List.of();
        }
        List<String> names = new ArrayList<>(2);
        FieldList.elements(lines).forEach(element -> names.add(FieldList.withoutParameters(element)));
        return names;
    }

    /**
     * The head of a 101 as the client gets it: the app's own status line and fields, the pair set anew.
     *
     * @param answer the app's; its fields are used up
     * @return in a direct buffer, the caller's
     */
    public static ByteBuf head(HttpResponse answer) {
        HttpHeaders headers = answer.headers();
        HopByHop.removeNominated(headers);
        headers.remove(HttpHeaderNames.CONTENT_LENGTH); // RFC 9110 §8.6: MUST NOT be sent with a 1xx
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING); // RFC 9112 §6.1: nor must this
        HeadWriter head = HeadWriter.answer(answer.status());
        head.endToEnd(headers);
        head.field("Connection", "Upgrade");
        head.field("Upgrade", protocol(answer));
        return head.end();
    }

    /** What a 101 names for its protocol; several, one on top of the other, with commas between them. */
    public static String protocol(HttpResponse answer) {
        List<String> lines = FieldList.lines(answer.headers(), HttpHeaderNames.UPGRADE);
        return lines.size() == 1 ? lines.get(0) : String.join(", ", lines);
    }

    private static RefusedException wrong(String what) {
        return new RefusedException(Refusal.UPSTREAM_ANSWER, "the app's answer is " + what);
    }
}
