package dev.culvert.listener;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.guard.RequestGuard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/** Netty's decoder outside of a pipeline, of which it asks nothing: a client's connection may have none. Event loop only. */
final class RequestBodies extends HttpRequestDecoder {
    RequestBodies(HttpDecoderConfig config) {
        super(config);
    }

    /**
     * One step.
     *
     * @throws RefusedException when a head cannot be read
     * @throws Exception as the base class declares
     */
    void decode(ByteBuf in, List<Object> out) throws Exception {
        decode(null, in, out);
        for (Object object : out) {
            if (object instanceof HttpRequest request
                    && !request.decoderResult().isSuccess()) {
                RequestGuard.framing(request); // which says better what is wrong, if it is that
                throw unreadable();
            }
        }
    }

    static RefusedException unreadable() {
        return new RefusedException(Refusal.BAD_SYNTAX, "the request cannot be read");
    }

    /** The end of a body that is none, as Netty has it: who reads the body learns there that it is not whole. */
    static LastHttpContent broken(RefusedException why) {
        LastHttpContent end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        end.setDecoderResult(DecoderResult.failure(why));
        return end;
    }
}
