package dev.culvert.guard;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;

/**
 * Makes an HTTP object of a head that {@link HeadSyntax} has let pass, which is why it looks for nothing but where things end: RFC
 * 9112 §3, §4, §5. Names and values are parts of one array, as ISO 8859-1. One head each.
 */
final class HeadReader {
    private static final int VERSION_LENGTH = "HTTP/1.1".length();
    private static final int STATUS_LENGTH = "HTTP/1.1 200".length();

    /** Without a second look at each name and value. */
    private static final HttpHeadersFactory FIELDS =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private final byte[] bytes;
    private int at;

    private HeadReader(ByteBuf in, int length) {
        bytes = new byte[length];
        in.getBytes(in.readerIndex(), bytes);
    }

    /**
     * A request's head.
     *
     * @param in starts where the head starts, and is left as it is
     * @param length up to its empty line, that included
     */
    static HttpRequest request(ByteBuf in, int length) {
        return new HeadReader(in, length).request();
    }

    /** An answer's head, in the same way. */
    static HttpResponse answer(ByteBuf in, int length) {
        return new HeadReader(in, length).answer();
    }

    private HttpRequest request() {
        int method = find(' ', 0);
        int end = find('\r', method);
        int target = end - VERSION_LENGTH - 1;
        at = end + 2;
        return new DefaultHttpRequest(
                version(target + 1), HttpMethod.valueOf(text(0, method)), text(method + 1, target), fields());
    }

    private HttpResponse answer() {
        int end = find('\r', STATUS_LENGTH);
        int code = (bytes[STATUS_LENGTH - 3] - '0') * 100
                + (bytes[STATUS_LENGTH - 2] - '0') * 10
                + bytes[STATUS_LENGTH - 1]
                - '0';
        AsciiString reason = trimmed(STATUS_LENGTH, end);
        at = end + 2;
        return new DefaultHttpResponse(version(0), HttpResponseStatus.valueOf(code, reason.toString()), fields());
    }

    private HttpVersion version(int from) {
        return switch (bytes[from + VERSION_LENGTH - 1]) {
            case '0' -> HttpVersion.HTTP_1_0;
            case '1' -> HttpVersion.HTTP_1_1;
            default -> HttpVersion.valueOf(text(from, from + VERSION_LENGTH));
        };
    }

    private HttpHeaders fields() {
        HttpHeaders fields = FIELDS.newHeaders();
        while (bytes[at] != '\r') {
            int colon = find(':', at);
            int end = find('\r', colon);
            fields.add(new AsciiString(bytes, at, colon - at, false), trimmed(colon + 1, end));
            at = end + 2;
        }
        return fields;
    }

    private int find(char wanted, int from) {
        int i = from;
        while (bytes[i] != wanted) {
            i++;
        }
        return i;
    }

    /** Without blanks and tabs around it: RFC 9110 §5.6.3. */
    private AsciiString trimmed(int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBlank(bytes[start])) {
            start++;
        }
        while (end > start && isBlank(bytes[end - 1])) {
            end--;
        }
        return new AsciiString(bytes, start, end - start, false);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Deprecated for those who forget that it takes each byte for a character, which is ISO 8859-1. */
    @SuppressWarnings("deprecation")
    private String text(int from, int to) {
        return new String(bytes, 0, from, to - from);
    }
}
