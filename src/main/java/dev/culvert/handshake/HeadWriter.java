package dev.culvert.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Writes a message's head, RFC 9112 §2.1, into an array: a library's encoder would want the fields in a container of their own,
 * and checks each byte's place in a buffer. Text is ISO 8859-1, as it was read. One for each thread, and for one head at a time.
 */
final class HeadWriter {
    /** Most heads are shorter. */
    private static final int USUAL = 1 << 10;

    /** A thread keeps no more for the next one. */
    private static final int MOST_KEPT = 16 << 10;

    private static final ThreadLocal<HeadWriter> WRITER = ThreadLocal.withInitial(HeadWriter::new);

    private byte[] bytes = new byte[USUAL];
    private int length;

    private HeadWriter() {}

    private static HeadWriter begin() {
        HeadWriter head = WRITER.get();
        head.length = 0;
        if (head.bytes.length > MOST_KEPT) {
            head.bytes = new byte[USUAL];
        }
        return head;
    }

    /** Begins a request's head, of HTTP/1.1 whatever the version that came. */
    static HeadWriter request(HttpRequest request) {
        HeadWriter head = begin();
        head.append(request.method().asciiName());
        head.append(" ");
        head.append(request.uri());
        head.append(" HTTP/1.1\r\n");
        return head;
    }

    /** Begins an answer's head, of HTTP/1.1 whatever the version that came. */
    static HeadWriter answer(HttpResponseStatus status) {
        HeadWriter head = begin();
        head.append("HTTP/1.1 ");
        head.append(status.codeAsText());
        head.append(" ");
        head.append(status.reasonPhrase());
        head.append("\r\n");
        return head;
    }

    /** Writes the fields that do not end at this hop, but for those that Connection nominates. */
    void endToEnd(HttpHeaders headers) {
        fields(headers, name -> !HopByHop.ends(name));
    }

    /** Writes all fields. */
    void fields(HttpHeaders headers) {
        fields(headers, name -> true);
    }

    private void fields(HttpHeaders headers, Predicate<CharSequence> names) {
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            if (names.test(field.getKey())) {
                field(field.getKey(), field.getValue());
            }
        }
    }

    /** Writes a field. */
    void field(CharSequence name, CharSequence value) {
        append(name);
        append(": ");
        append(value);
        append("\r\n");
    }

    /** Ends the head: it is the caller's, in a direct buffer. */
    ByteBuf end() {
        append("\r\n");
        return PooledByteBufAllocator.DEFAULT.directBuffer(length, length).writeBytes(bytes, 0, length);
    }

    private void append(CharSequence text) {
        int end = length + text.length();
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
        }
        if (text instanceof AsciiString ascii) {
            System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, length, ascii.length());
        } else {
            copy(text.toString());
        }
        length = end;
    }

    /** Deprecated for those who forget that it drops each character's upper half, which is ISO 8859-1 here; the others copy twice. */
    @SuppressWarnings("deprecation")
    private void copy(String text) {
        text.getBytes(0, text.length(), bytes, length);
    }
}
