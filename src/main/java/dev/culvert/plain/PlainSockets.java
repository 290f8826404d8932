package dev.culvert.plain;

import dev.culvert.flow.Flow;
import dev.culvert.flow.FlushByTurn;
import dev.culvert.flow.SharedReads;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.PausableReads;
import org.jboss.logging.Logger;

/**
 * How the sockets of plain requests are set: they send by turns, and what waits for them, and what the HTTP library keeps of
 * them, is counted. Any thread.
 */
public final class PlainSockets {
    private static final Logger LOG = Logger.getLogger(PlainSockets.class);

    /** Bytes of an answer that the HTTP client keeps on the heap before it pauses the app: its connections' water mark. */
    public static final WriteBufferWaterMark ANSWER_WINDOW = new WriteBufferWaterMark(8 << 10, 16 << 10);

    private static final int LARGEST_ANSWER_READ = 16 << 10;
    private static final int LARGEST_REQUEST_READ = 64 << 10;

    /** Bytes of a request's body that the HTTP server keeps on the heap before it pauses the client: eight pieces. */
    private static final int REQUEST_WINDOW = 64 << 10;

    private final Flow flow;
    private final RecvByteBufAllocator answerReads;
    private final RecvByteBufAllocator requestReads;

    /** @param flow their bytes have part in it */
    public PlainSockets(Flow flow) {
        this.flow = flow;
        this.answerReads = new SharedReads(LARGEST_ANSWER_READ, flow.backlog());
        this.requestReads = new SharedReads(LARGEST_REQUEST_READ, flow.backlog());
    }

    /** Sets a connection to the app, registered and before its first read: its end, too, waits for its reader. */
    public void prepareApp(Channel app) {
        PausableReads.set(app, answerReads);
        share(app, ANSWER_WINDOW.high() + LARGEST_ANSWER_READ);
        PausableReads.keepPauses(app);
    }

    /** Sets a client's connection, registered and before its first read. */
    public void prepareClient(Channel client) {
        PausableReads.set(client, requestReads);
        share(client, REQUEST_WINDOW);
    }

    /** Makes the coming close of a socket a reset. One that is closed already stays as it is. */
    public static void closeWithReset(Channel channel) {
        try {
            if (channel.isOpen()) { // a closed one's number may be another's
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            }
        } catch (ChannelException closed) {
            LOG.debug("A socket was gone before it could be reset", closed);
        }
    }

    private void share(Channel channel, int window) {
        channel.pipeline()
                .addFirst(
                        new PlainBacklog(flow.backlog(), window),
                        new FlushByTurn(flow.turn(channel.eventLoop()).flushes()));
    }
}
