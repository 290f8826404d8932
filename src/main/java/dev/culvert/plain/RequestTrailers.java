package dev.culvert.plain;

import dev.culvert.handshake.Trailers;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Keeps the trailers of a client's request: the HTTP server of Vert.x drops them. Stands behind the client's decoder and
 * changes nothing. Event loop only.
 */
public final class RequestTrailers extends ChannelInboundHandlerAdapter {
    private List<String> connection = List.of();
    private HttpHeaders fields = EmptyHttpHeaders.INSTANCE;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            connection = request.headers().getAll(HttpHeaderNames.CONNECTION);
            fields = EmptyHttpHeaders.INSTANCE;
        } else if (message instanceof LastHttpContent last) {
            fields = last.trailingHeaders();
        }
        ctx.fireChannelRead(message);
    }

    /** Those of the request that was read last, fit for the app; none before its end. */
    HttpHeaders passedOn() {
        return fields.isEmpty() ? fields : Trailers.passedOn(fields, connection);
    }
}
