package dev.culvert.upstream;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.flow.Undecoded;
import dev.culvert.guard.MessageSyntax;
import dev.culvert.handshake.UpstreamAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the app's answer and nothing behind it: the bytes after a 101 belong to the tunnel and wait here, undecoded, until
 * they are asked for. Makes HTTP objects, or one {@link RefusedException} when this is no answer. Event loop only.
 */
final class AnswerDecoder implements MessageSyntax.Parser {
    static final int MAX_HEAD_BYTES = 64 << 10;

    private static final int MAX_FIELDS = 1000;

    private final MessageSyntax syntax = MessageSyntax.ofAnswers(MAX_HEAD_BYTES, MAX_FIELDS);
    private final HttpMethod method;
    private final Consumer<Object> reader;
    private final Undecoded undecoded = new Undecoded();
    private final List<Object> made = new ArrayList<>(2);
    private @Nullable Bodies bodies;
    private boolean finished;

    /**
     * @param method of the request: the answer to HEAD has no body whatever its fields say
     * @param reader gets what was made, reference counted; may ask for the rest, or give it up, meanwhile
     */
    AnswerDecoder(HttpMethod method, Consumer<Object> reader) {
        this.method = method;
        this.reader = reader;
    }

    /**
     * Decodes as far as it goes.
     *
     * @param bytes the decoder's from now on
     */
    void read(ByteBuf bytes) {
        undecoded.add(bytes);
        boolean goesOn = true;
        while (goesOn && !finished && !undecoded.isEmpty()) {
            ByteBuf in = undecoded.bytes();
            int before = in.readableBytes();
            parse(in);
            goesOn = !made.isEmpty() || in.readableBytes() < before;
            tell();
        }
        undecoded.tidy();
    }

    /** The app's stream ended: so does a body that lasts until then, and any other is cut. Behind a 101 that is not ours. */
    void end() {
        Bodies body = bodies;
        if (finished || body == null) {
            return;
        }
        try {
            body.end(made);
        } catch (Exception fault) { // declared so by Netty
            made.add(unreadable());
        }
        tell();
    }

    /** The bytes that were not decoded, perhaps none. They are the caller's from now on. */
    ByteBuf rest() {
        return undecoded.take();
    }

    private void parse(ByteBuf in) {
        try {
            syntax.read(in, made, this);
        } catch (Exception fault) { // declared so by Netty
            made.add(unreadable());
        }
        finished |= made.size() == 1 && made.get(0) instanceof RefusedException;
    }

    private void tell() {
        try {
            made.forEach(reader);
        } finally {
            made.clear();
        }
    }

    /** RFC 9112 §6.3: without a length it lasts until the connection ends. */
    @Override
    public boolean hasBody(HttpMessage head) {
        HttpResponse answer = (HttpResponse) head;
        UpstreamAnswer.requireClearLength(answer);
        HttpResponseStatus status = answer.status();
        finished = status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        boolean never = method.equals(HttpMethod.HEAD)
                || status.codeClass() == HttpStatusClass.INFORMATIONAL
                || status.equals(HttpResponseStatus.NO_CONTENT)
                || status.equals(HttpResponseStatus.NOT_MODIFIED);
        return !never && (MessageSyntax.isBodyAnnounced(head) || !HttpUtil.isContentLengthSet(answer));
    }

    @Override
    public void decode(ByteBuf in, List<Object> out) throws Exception {
        Bodies body = bodies;
        if (body == null) {
            body = new Bodies(syntax.parserConfig());
            bodies = body;
        }
        body.decode(in, out);
        for (Object object : out) {
            if (!((HttpObject) object).decoderResult().isSuccess()) {
                throw unreadable();
            }
        }
    }

    private static RefusedException unreadable() {
        return new RefusedException(Refusal.UPSTREAM_ANSWER, "the app's answer cannot be read");
    }

    /** Netty's decoder outside of a pipeline, which a socket has not: it asks nothing of one. */
    private static final class Bodies extends HttpResponseDecoder {
        Bodies(HttpDecoderConfig config) {
            super(config);
        }

        void decode(ByteBuf in, List<Object> out) throws Exception {
            decode(null, in, out);
        }

        void end(List<Object> out) throws Exception {
            decodeLast(null, Unpooled.EMPTY_BUFFER, out); // what is left makes no whole
        }
    }
}
