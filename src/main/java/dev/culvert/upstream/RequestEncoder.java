package dev.culvert.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the request's head and body. Netty's encoder outside of a pipeline, which a socket has not: it asks nothing of one but
 * for memory. Event loop only.
 */
final class RequestEncoder extends HttpRequestEncoder {
    /** Of a channel that does nothing. Not made with the class: a native image would keep what Netty learns of its machine. */
    private static volatile @Nullable ChannelHandlerContext pipeline;

    private final List<Object> made = new ArrayList<>(2);

    /**
     * Encodes the next part of the request.
     *
     * @param part released
     * @param to gets the bytes, which are its own from then on
     */
    void encode(HttpObject part, Consumer<ByteBuf> to) {
        try {
            encode(pipeline(), part, made);
            made.forEach(bytes -> to.accept((ByteBuf) bytes));
        } catch (Exception fault) { // declared so by Netty
            throw new IllegalStateException("the request cannot be written", fault);
        } finally {
            made.clear();
        }
    }

    private static ChannelHandlerContext pipeline() {
        ChannelHandlerContext ready = pipeline;
        if (ready == null) {
            EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
            channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
            ready = channel.pipeline().firstContext();
            pipeline = ready;
        }
        return ready;
    }
}
