package dev.culvert.handshake;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which fields behind a chunked body are passed on. RFC 9110 §6.5.1 bars those that frame or route a message, authenticate
 * or modify it, or say what its content is; a recipient that merges them with the head all the same must not get them
 * through us, nor be told by them who the client is.
 */
public final class Trailers {
    private static final Set<String> BARRED = Set.of(
            "authorization",
            "cache-control",
            "content-encoding",
            "content-length",
            "content-range",
            "content-type",
            "cookie",
            "expect",
            "forwarded",
            "host",
            "max-forwards",
            "origin",
            "pragma",
            "range",
            "set-cookie",
            "trailer",
            "transfer-encoding",
            "www-authenticate");

    private Trailers() {}

    /**
     * The fields to pass on, in their order.
     *
     * @param trailers as they came
     * @param connectionLines the values of all Connection lines of the same message: what they nominate ends here, too
     */
    public static HttpHeaders passedOn(HttpHeaders trailers, List<String> connectionLines) {
        HttpHeaders passed = new DefaultHttpHeaders();
        for (Map.Entry<String, String> field : trailers) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!HopByHop.endsInTrailers(name, connectionLines) && !isBarred(name)) {
                passed.add(field.getKey(), field.getValue());
            }
        }
        return passed;
    }

    /**
     * A piece of a body with no trailers but those to pass on.
     *
     * @param content any piece; its reference goes over to what is returned
     * @param connectionLines the values of all Connection lines of the same message
     */
    public static HttpContent passedOn(HttpContent content, List<String> connectionLines) {
        if (!(content instanceof LastHttpContent last) || last.trailingHeaders().isEmpty()) {
            return content;
        }
        LastHttpContent end = new DefaultLastHttpContent(last.content());
        end.trailingHeaders().add(passedOn(last.trailingHeaders(), connectionLines));
        return end;
    }

    private static boolean isBarred(String name) {
        String dashed = name.replace('_', '-'); // CGI and WSGI apps know no difference
        return BARRED.contains(dashed)
                || dashed.startsWith("if-")
                || dashed.startsWith("x-forwarded-")
                || dashed.startsWith("sec-websocket-");
    }
}
