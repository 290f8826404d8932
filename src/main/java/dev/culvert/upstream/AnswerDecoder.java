package dev.culvert.upstream;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.guard.MessageSyntax;
import dev.culvert.handshake.UpstreamAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the app's answer and nothing behind it: the bytes after a 101 belong to the tunnel and wait here, undecoded, until
 * they are asked for. Makes HTTP objects, or one {@link RefusedException} when this is no answer. Netty's decoder outside of a
 * pipeline, which a socket has not: it asks nothing of one. Event loop only.
 */
final class AnswerDecoder extends HttpResponseDecoder {
    static final int MAX_HEAD_BYTES = 64 << 10;

    private static final int MAX_FIELDS = 1000;

    private final MessageSyntax syntax;
    private final HttpMethod method;
    private final Consumer<Object> reader;
    private final List<Object> made = new ArrayList<>(2);
    private ByteBuf undecoded = Unpooled.EMPTY_BUFFER;
    private boolean finished;

    /**
     * @param method of the request: the answer to HEAD has no body whatever its fields say
     * @param reader gets what was made, reference counted; may ask for the rest, or give it up, meanwhile
     */
    AnswerDecoder(HttpMethod method, Consumer<Object> reader) {
        this(method, reader, MessageSyntax.ofAnswers(MAX_HEAD_BYTES, MAX_FIELDS));
    }

    private AnswerDecoder(HttpMethod method, Consumer<Object> reader, MessageSyntax syntax) {
        super(syntax.parserConfig());
        this.method = method;
        this.reader = reader;
        this.syntax = syntax;
    }

    /**
     * Decodes as far as it goes.
     *
     * @param bytes the decoder's from now on
     */
    void read(ByteBuf bytes) {
        undecoded = MERGE_CUMULATOR.cumulate(PooledByteBufAllocator.DEFAULT, undecoded, bytes);
        boolean goesOn = true;
        while (goesOn && !finished && undecoded.isReadable()) {
            int before = undecoded.readableBytes();
            decode(undecoded);
            goesOn = !made.isEmpty() || undecoded.readableBytes() < before;
            tell();
        }
        if (!undecoded.isReadable()) {
            rest().release();
        }
    }

    /** The app's stream ended: so does a body that lasts until then, and any other is cut. Behind a 101 that is not ours. */
    void end() {
        if (finished) {
            return;
        }
        try {
            decodeLast(null, Unpooled.EMPTY_BUFFER, made); // what is left makes no whole
        } catch (Exception fault) { // declared so by Netty
            made.add(new RefusedException(Refusal.UPSTREAM_ANSWER, "the app's answer cannot be read"));
        }
        tell();
    }

    /** The bytes that were not decoded, perhaps none. They are the caller's from now on. */
    ByteBuf rest() {
        ByteBuf rest = undecoded;
        undecoded = Unpooled.EMPTY_BUFFER;
        return rest;
    }

    private void decode(ByteBuf in) {
        try {
            syntax.read(in, made, (bytes, objects) -> {
                decode(null, bytes, objects);
                objects.forEach(object -> inspect((HttpObject) object));
            });
        } catch (Exception fault) { // declared so by Netty
            made.add(new RefusedException(Refusal.UPSTREAM_ANSWER, "the app's answer cannot be read"));
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

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return method.equals(HttpMethod.HEAD) || super.isContentAlwaysEmpty(message);
    }

    private void inspect(HttpObject object) {
        if (!object.decoderResult().isSuccess()) {
            throw new RefusedException(Refusal.UPSTREAM_ANSWER, "the app's answer cannot be read");
        }
        if (object instanceof HttpResponse response) {
            UpstreamAnswer.requireClearLength(response);
            finished = response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        }
    }
}
