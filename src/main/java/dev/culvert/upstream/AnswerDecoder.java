package dev.culvert.upstream;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.guard.MessageSyntax;
import dev.culvert.handshake.UpstreamAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;

/**
 * Reads the app's answer and nothing behind it: the bytes after a 101 belong to the tunnel and wait here, undecoded, until
 * the decoder is removed. Fires HTTP objects, or one {@link RefusedException} when this is no answer.
 */
final class AnswerDecoder extends HttpResponseDecoder {
    static final int MAX_HEAD_BYTES = 64 << 10;

    private static final int MAX_FIELDS = 1000;

    private final MessageSyntax syntax;
    private final HttpMethod method;
    private boolean finished;

    /** @param method of the request: the answer to HEAD has no body whatever its fields say */
    AnswerDecoder(HttpMethod method) {
        this(method, MessageSyntax.ofAnswers(MAX_HEAD_BYTES, MAX_FIELDS));
    }

    private AnswerDecoder(HttpMethod method, MessageSyntax syntax) {
        super(syntax.parserConfig());
        this.method = method;
        this.syntax = syntax;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return method.equals(HttpMethod.HEAD) || super.isContentAlwaysEmpty(message);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (!finished) {
            syntax.read(in, out, (bytes, objects) -> {
                super.decode(ctx, bytes, objects);
                objects.forEach(object -> inspect((HttpObject) object));
            });
            finished |= out.size() == 1 && out.get(0) instanceof RefusedException;
        }
    }

    /** The base class asks for more whenever it decoded nothing; what waits for the tunnel is not to grow so. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (finished) {
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    /** The end of the app's stream does not end what waits for the tunnel: the base class would drop it. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (finished) {
            ctx.fireUserEventTriggered(event);
        } else {
            super.userEventTriggered(ctx, event);
        }
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
