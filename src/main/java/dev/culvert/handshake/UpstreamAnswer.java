package dev.culvert.handshake;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether the app's answer is one to this request, and what of its head the client gets. Pure. */
public final class UpstreamAnswer {
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private UpstreamAnswer() {}

    /**
     * Holds a 101 against the request, RFC 9110 §7.8: a server MUST NOT switch to a protocol that was not indicated by the
     * client; RFC 6455 §4.1 for WebSocket's own fields.
     *
     * @param upgrade what was asked for
     * @param asked the request's fields
     * @param answer the app's 101
     * @throws RefusedException when it is not the one that was asked for
     */
    public static void requireSwitch(UpgradeRequest upgrade, HttpHeaders asked, HttpResponse answer) {
        List<String> chosen = FieldList.elements(FieldList.lines(answer.headers(), HttpHeaderNames.UPGRADE));
        if (chosen.isEmpty()) {
            throw wrong("a 101 that names no protocol");
        }
        if (!chosen.stream().allMatch(upgrade::offers)) {
            throw wrong("a 101 to a protocol that the request did not offer");
        }
        if (chosen.stream().anyMatch(WebSocketFields.PROTOCOL::equalsIgnoreCase)) {
            requireWebSocket(asked, answer.headers());
        }
    }

    private static void requireWebSocket(HttpHeaders asked, HttpHeaders answer) {
        Optional<String> key = WebSocketFields.key(asked);
        List<String> accepts = answer.getAll(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
        if (key.isPresent() && !accepts.equals(List.of(WebSocketFields.accept(key.get())))) {
            throw wrong("a 101 with a wrong Sec-WebSocket-Accept");
        }
        List<String> subprotocols = FieldList.lines(answer, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
        if (subprotocols.size() > 1
                || !names(asked, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).containsAll(subprotocols)) {
            throw wrong("a 101 with a subprotocol that the request did not ask for");
        }
        Set<String> extensions = names(asked, HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
        if (!extensions.containsAll(names(answer, HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS))) {
            throw wrong("a 101 with an extension that the request did not ask for");
        }
    }

    /** Names in a list field, without parameters. */
    private static Set<String> names(HttpHeaders headers, CharSequence field) {
        Set<String> names = new TreeSet<>();
        FieldList.elements(FieldList.lines(headers, field))
                .forEach(element -> names.add(FieldList.withoutParameters(element)));
        return names;
    }

    /**
     * Refuses an answer whose length two recipients could read in two ways: RFC 9112 §6.3.
     *
     * @throws RefusedException with two Content-Lengths, one beside a Transfer-Encoding, or a coding other than chunked
     */
    public static void requireClearLength(HttpResponse answer) {
        List<String> lengths = FieldList.lines(answer.headers(), HttpHeaderNames.CONTENT_LENGTH);
        List<String> codings = FieldList.lines(answer.headers(), HttpHeaderNames.TRANSFER_ENCODING);
        boolean coded = !codings.isEmpty();
        if (lengths.size() > 1 || (coded && !lengths.isEmpty())) {
            throw wrong("one with two lengths");
        }
        if (!lengths.isEmpty() && !LENGTH.matcher(lengths.get(0)).matches()) {
            throw wrong("one with a Content-Length that is no number");
        }
        if (coded && (codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked"))) {
            throw wrong("one with a transfer coding other than chunked");
        }
        if (coded && answer.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            throw wrong("one with a transfer coding in HTTP/1.0");
        }
    }

    /** RFC 9112 §4: a reason is text, without control bytes; or there is none. */
    public static boolean isReason(@Nullable String reason) {
        return reason == null || reason.chars().noneMatch(c -> (c < ' ' && c != '\t') || c == 0x7f);
    }

    /**
     * The head of a 101 as the client gets it: the app's own status line and fields, the pair set anew.
     *
     * @param answer the app's; its fields are used up
     */
    public static HttpResponse switched(HttpResponse answer) {
        String protocol = String.join(", ", FieldList.lines(answer.headers(), HttpHeaderNames.UPGRADE));
        HttpHeaders headers = endToEnd(answer.headers());
        headers.set("Connection", "Upgrade");
        headers.set("Upgrade", protocol);
        headers.remove(HttpHeaderNames.CONTENT_LENGTH); // RFC 9110 §8.6: MUST NOT be sent with a 1xx
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING); // RFC 9112 §6.1: nor must this
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, answer.status(), headers);
    }

    /**
     * The head of any other answer. Final ones close the connection, since what the client may have sent early must never
     * be read as a request: RFC 9931.
     *
     * @param answer the app's; its fields are used up
     * @param http10 whether the client speaks HTTP/1.0, which knows no chunks: the body then ends with the connection
     */
    public static HttpResponse passedOn(HttpResponse answer, boolean http10) {
        List<String> upgrade = FieldList.lines(answer.headers(), HttpHeaderNames.UPGRADE);
        HttpHeaders headers = endToEnd(answer.headers());
        boolean required = answer.status().code() == HttpResponseStatus.UPGRADE_REQUIRED.code() && !upgrade.isEmpty();
        boolean last = answer.status().code() >= 200;
        if (required) {
            headers.set("Upgrade", upgrade); // RFC 9110 §15.5.22: a 426 MUST carry Upgrade
        }
        if (last) {
            headers.set("Connection", required ? "Upgrade, close" : "close");
        }
        if (http10) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        }
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, answer.status(), headers);
    }

    /**
     * A 1xx that is not the last word, as a whole message.
     *
     * @param answer the app's; its fields are used up
     */
    public static FullHttpResponse interim(HttpResponse answer) {
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                answer.status(),
                Unpooled.EMPTY_BUFFER,
                endToEnd(answer.headers()),
                EmptyHttpHeaders.INSTANCE);
    }

    /**
     * The fields of the final answer to a plain request, without those that frame its body: whoever writes it chooses them.
     *
     * @param answer the app's; its fields are copied
     * @param http10 whether the client speaks HTTP/1.0, which knows no trailers
     */
    public static HttpHeaders ofPlain(HttpResponse answer, boolean http10) {
        HttpHeaders headers = answer.headers().copy();
        List<String> upgrade = FieldList.lines(headers, HttpHeaderNames.UPGRADE);
        HopByHop.removeBeforeTrailers(headers);
        if (answer.status().code() == HttpResponseStatus.UPGRADE_REQUIRED.code() && !upgrade.isEmpty()) {
            headers.add("Upgrade", upgrade); // RFC 9110 §15.5.22: a 426 MUST carry Upgrade
        }
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        if (http10) {
            headers.remove(HttpHeaderNames.TRAILER);
        }
        return headers;
    }

    private static HttpHeaders endToEnd(HttpHeaders answer) {
        HopByHop.remove(answer);
        return answer;
    }

    private static RefusedException wrong(String what) {
        return new RefusedException(Refusal.UPSTREAM_ANSWER, "the app's answer is " + what);
    }
}
