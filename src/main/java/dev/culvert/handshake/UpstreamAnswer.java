package dev.culvert.handshake;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the client gets of the app's answers, but for the switch, which is {@link UpstreamSwitch}. Pure. */
public final class UpstreamAnswer {
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private UpstreamAnswer() {}

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
     * The head of an answer that is no switch. Final ones close the connection, since what the client may have sent early must never
     * be read as a request: RFC 9931.
     *
     * @param answer the app's; its fields are used up
     * @param method of the request
     * @param http10 whether the client speaks HTTP/1.0, which knows no chunks: the body then ends with the connection
     */
    public static HttpResponse passedOn(HttpResponse answer, HttpMethod method, boolean http10) {
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
        if (http10 || !hasBody(method, answer.status())) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING); // RFC 9112 §6.1: it is for this hop, if for any
        }
        lengthOfNoBody(answer.status(), headers);
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, answer.status(), headers);
    }

    /**
     * A 1xx that is not the last word, as a whole message.
     *
     * @param answer the app's; its fields are used up
     */
    public static FullHttpResponse interim(HttpResponse answer) {
        answer.headers().remove(HttpHeaderNames.TRANSFER_ENCODING); // RFC 9112 §6.1: nor may a 1xx have that
        lengthOfNoBody(answer.status(), answer.headers());
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

    /**
     * An answer's head, with all of its fields.
     *
     * @return in a direct buffer, the caller's
     */
    public static ByteBuf head(HttpResponse answer) {
        HeadWriter head = HeadWriter.answer(answer.status());
        head.fields(answer.headers());
        return head.end();
    }

    /**
     * Whether a final answer has a body, whatever its fields say: RFC 9112 §6.3, RFC 9110 §15.3.6.
     *
     * @param method of the request
     */
    public static boolean hasBody(HttpMethod method, HttpResponseStatus status) {
        return !method.equals(HttpMethod.HEAD)
                && !status.equals(HttpResponseStatus.NO_CONTENT)
                && !status.equals(HttpResponseStatus.RESET_CONTENT)
                && !status.equals(HttpResponseStatus.NOT_MODIFIED);
    }

    /** RFC 9110 §8.6: neither a 1xx nor a 204 may have one; §15.3.6: a 205 says that it has no content. */
    private static void lengthOfNoBody(HttpResponseStatus status, HttpHeaders headers) {
        if (status.codeClass() == HttpStatusClass.INFORMATIONAL || status.equals(HttpResponseStatus.NO_CONTENT)) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        } else if (status.equals(HttpResponseStatus.RESET_CONTENT)) {
            headers.set("Content-Length", "0");
        }
    }

    private static HttpHeaders endToEnd(HttpHeaders answer) {
        HopByHop.remove(answer);
        return answer;
    }

    private static RefusedException wrong(String what) {
        return new RefusedException(Refusal.UPSTREAM_ANSWER, "the app's answer is " + what);
    }
}
