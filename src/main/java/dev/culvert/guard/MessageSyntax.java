package dev.culvert.guard;

import static java.util.Objects.requireNonNull;

import dev.culvert.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message after the other. A head is read when {@link HeadSyntax} let all of it pass. Where a body follows, a library's parser,
 * which forgives, reads it, and is shown the same head, and of a chunked body what has passed so far. Where the two then disagree on
 * the end of a body, it is refused. Bodies of any other framing have no syntax.
 *
 * <p>Not thread-safe: one for each connection and direction.
 */
public final class MessageSyntax {
    /** Whoever the messages are for, with a parser for their bodies. */
    public interface Parser {
        /**
         * Looks at a head, which may be refused.
         *
         * @return whether a body follows, or may
         */
        boolean hasBody(HttpMessage head);

        /** One step within a message that has a body, from its head on; takes what can be used, and may refuse what that made. */
        void decode(ByteBuf in, List<Object> out) throws Exception;
    }

    private static final int MAX_PIECE_BYTES = 16 << 10;

    private enum At {
        HEAD,
        BODY,
        CHUNKED_BODY
    }

    private final int maxBytes;
    private final int maxFields;
    private final Part body;
    private final HeadSyntax head;

    /** Of a chunked body; most messages have none. */
    private @Nullable ChunkedSyntax chunked;

    /** Of the message under way, as we read it. */
    private @Nullable HttpMessage message;

    private At at = At.HEAD;
    private int seen;

    private MessageSyntax(int maxBytes, int maxFields, Part body, HeadSyntax head) {
        this.maxBytes = maxBytes;
        this.maxFields = maxFields;
        this.body = body;
        this.head = head;
    }

    /**
     * For requests: what is wrong is the client's fault.
     *
     * @param maxBytes of a head, and of the trailers
     * @param maxFields of each of them
     */
    public static MessageSyntax ofRequests(int maxBytes, int maxFields) {
        return new MessageSyntax(maxBytes, maxFields, Part.REQUEST_BODY, HeadSyntax.ofRequests(maxBytes, maxFields));
    }

    /** For answers: what is wrong is {@link dev.culvert.Refusal#UPSTREAM_ANSWER}. */
    public static MessageSyntax ofAnswers(int maxBytes, int maxFields) {
        return new MessageSyntax(maxBytes, maxFields, Part.ANSWER_BODY, HeadSyntax.ofAnswers(maxBytes, maxFields));
    }

    /** How the parser is to be set: lines and heads of any length that passes here, and bodies in pieces of a read's size. */
    public HttpDecoderConfig parserConfig() {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(maxBytes)
                .setMaxHeaderSize(maxBytes)
                .setMaxChunkSize(MAX_PIECE_BYTES);
    }

    /** Whether a head's fields announce a body that is not empty: RFC 9112 §6. */
    public static boolean isBodyAnnounced(HttpMessage head) {
        String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        return (length != null && !length.equals("0")) || head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    /** Whether a head has been read and the end of its message has not. */
    public boolean inMessage() {
        return at != At.HEAD;
    }

    /**
     * Looks at what came and lets the parser take a step, if it may. When this is no clean message, or the parser ended a
     * chunked body elsewhere, then what came and what was made of it is dropped, and a {@link RefusedException} goes out.
     *
     * @param in what the parser has not read yet
     * @param out gets what the parser makes of it
     * @throws Exception of the parser's
     */
    public void read(ByteBuf in, List<Object> out, Parser parser) throws Exception {
        try {
            step(in, out, parser);
        } catch (RefusedException e) {
            in.skipBytes(in.readableBytes());
            out.forEach(ReferenceCountUtil::release);
            out.clear();
            out.add(e);
        }
    }

    private void step(ByteBuf in, List<Object> out, Parser parser) throws Exception {
        if (at == At.CHUNKED_BODY) {
            seen = chunked().scan(in, seen);
        } else if (at == At.HEAD) {
            if (!head.complete(in)) {
                return;
            }
            HttpMessage read = head.read(in);
            if (!parser.hasBody(read)) {
                in.skipBytes(head.length());
                out.add(read);
                out.add(LastHttpContent.EMPTY_LAST_CONTENT);
                reset();
                return;
            }
            message = read;
            at = At.BODY;
        }
        int before = out.size();
        int readable = in.readableBytes();
        parser.decode(in, out);
        parsed(readable - in.readableBytes(), out.subList(before, out.size()));
    }

    private void parsed(int bytes, List<Object> made) {
        boolean inChunks = at == At.CHUNKED_BODY;
        if (inChunks) {
            seen -= bytes;
        }
        for (int i = 0; i < made.size(); i++) {
            Object object = made.get(i);
            if (object instanceof HttpMessage) {
                HttpMessage read = requireNonNull(message);
                made.set(i, read);
                at = HttpUtil.isTransferEncodingChunked(read) ? At.CHUNKED_BODY : At.BODY;
            }
            if (object instanceof LastHttpContent last && last.decoderResult().isSuccess()) {
                if (inChunks && (!chunked().isComplete() || seen != 0)) {
                    throw body.malformed("chunks that can be read in two ways");
                }
                reset();
            }
        }
    }

    private void reset() {
        at = At.HEAD;
        seen = 0;
        head.reset();
        chunked = null;
        message = null;
    }

    private ChunkedSyntax chunked() {
        ChunkedSyntax current = chunked;
        if (current == null) {
            current = new ChunkedSyntax(body, maxBytes, maxFields);
            chunked = current;
        }
        return current;
    }
}
