package dev.culvert.upstream;

import dev.culvert.flow.Backlog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.epoll.SocketReader;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import org.jboss.logging.Logger;

/** An answer on its way out of the app's socket: its reader until the app has switched. Event loop only. */
final class AnswerInput implements SocketReader {
    /** Whoever waits for the answer. */
    interface Exchange {
        /** An HTTP object, reference counted, or a {@link dev.culvert.RefusedException}: that is no answer. */
        void came(Object message);

        /** No more comes; behind a 101 that is the tunnel's to hear. */
        void ended();

        /** The connection is gone, by the app or by a write that failed: what has no end yet has none. */
        void gone();

        /** A fault of our own. */
        void failed();
    }

    private static final Logger LOG = Logger.getLogger(AnswerInput.class);

    /** Bytes of the first read, of which most heads are shorter, and of those that follow. */
    private static final int FIRST = 2 << 10;

    private static final int NEXT = 16 << 10;

    private final AnswerDecoder decoder;
    private final Backlog backlog;
    private final Exchange exchange;
    private int most = FIRST;

    /**
     * @param method of the request
     * @param backlog how much one read may bring
     */
    AnswerInput(HttpMethod method, Backlog backlog, Exchange exchange) {
        this.decoder = new AnswerDecoder(method, exchange::came);
        this.backlog = backlog;
        this.exchange = exchange;
    }

    /** The bytes that were not decoded, perhaps none. They are the caller's from now on. */
    ByteBuf rest() {
        return decoder.rest();
    }

    @Override
    public ByteBuf buffer() {
        int room = (int) Math.min(most, backlog.share());
        return PooledByteBufAllocator.DEFAULT.directBuffer(room, room);
    }

    @Override
    public void read(ByteBuf bytes) {
        most = NEXT;
        decoder.read(bytes);
    }

    @Override
    public void readComplete() {}

    @Override
    public void ended() {
        decoder.end();
        exchange.ended();
    }

    @Override
    public void closed() {
        exchange.gone();
    }

    @Override
    public void failed(Throwable cause) {
        if (cause instanceof IOException) {
            exchange.gone();
        } else {
            LOG.error("A handshake failed by a fault of our own", cause);
            exchange.failed();
        }
    }
}
