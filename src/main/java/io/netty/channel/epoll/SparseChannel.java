package io.netty.channel.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * A socket with no more of a channel than the event loop's attention and the queue of what is written. It shares its
 * options with all others, and its pipeline, which nobody listens to: what is written does not pass it. Event loop only.
 */
abstract class SparseChannel extends UnaskedConnect {
    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(SparseChannel.class);

    private final EpollEventLoop eventLoop;
    private @Nullable InetSocketAddress peer;

    SparseChannel(LinuxSocket socket, EpollEventLoop eventLoop) {
        super(socket);
        this.eventLoop = eventLoop;
        active = true;
    }

    final void setPeer(InetSocketAddress address) {
        peer = address;
    }

    /** Whose connection was accepted, for whoever asks first: a tunnel keeps no addresses. */
    public final @Nullable InetSocketAddress takePeer() {
        InetSocketAddress address = peer;
        peer = null;
        return address;
    }

    /**
     * Has its event loop look after the socket, which tells of what waits, first.
     *
     * @throws IOException where epoll takes no more sockets; it is closed then
     */
    public final void register() throws IOException {
        unsafe().register(eventLoop, unsafe().voidPromise());
        if (!isRegistered()) {
            close();
            throw new IOException("a socket that epoll does not take");
        }
    }

    /** Whether what is sent now comes next: the socket is open, and its queue empty. A closed one's number may be another's. */
    public boolean isIdle() {
        ChannelOutboundBuffer queue = unsafe().outboundBuffer();
        return queue != null && queue.totalPendingWriteBytes() == 0;
    }

    /**
     * Sends what the kernel takes at once. Not the way of an error: what is left fails once more in the queue.
     *
     * @param bytes in a direct buffer, whose reader index tells how many were taken
     */
    public void send(ByteBuf bytes) {
        try {
            bytes.skipBytes(socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex()));
        } catch (IOException | NotYetConnectedException failed) {
            LOG.debug("A socket does not take what is sent", failed);
        }
    }

    /**
     * Reads what has come.
     *
     * @param buffer direct and empty; released where nothing came
     * @param room bytes at the most
     * @return bytes; 0 for none at present, less at the end of the stream
     */
    final int receive(ByteBuf buffer, int room) throws IOException {
        try {
            int bytes = socket.recvAddress(buffer.memoryAddress(), 0, room);
            buffer.writerIndex(Math.max(bytes, 0));
            return bytes;
        } finally {
            if (!buffer.isReadable()) {
                buffer.release();
            }
        }
    }

    /** Ends our stream to the peer, which is not told of what is still in the queue. */
    public void endOutput() {
        try {
            doShutdownOutput();
        } catch (Exception gone) { // declared so by Netty
            LOG.debug("A socket's output was gone before it ended", gone);
        }
    }

    /**
     * Has the kernel ask a silent peer whether it is still there, and give it up.
     *
     * @param idleSeconds without a byte, until it asks
     * @param intervalSeconds between two questions
     * @param probes without an answer, until the peer is taken for gone
     */
    public void keepAlive(int idleSeconds, int intervalSeconds, int probes) {
        if (!isOpen()) {
            return; // a closed one's number may be another's
        }
        try {
            socket.setKeepAlive(true);
            socket.setTcpKeepIdle(idleSeconds);
            socket.setTcpKeepIntvl(intervalSeconds);
            socket.setTcpKeepCnt(probes);
        } catch (IOException gone) {
            LOG.debug("A socket was gone before it could be set", gone);
        }
    }

    /** Makes the coming close a reset. A closed one's number may be another's. */
    public void closeWithReset() {
        try {
            if (isOpen()) {
                socket.setSoLinger(0);
            }
        } catch (IOException gone) {
            LOG.debug("A socket was gone before it could be reset", gone);
        }
    }

    @Override
    public ChannelFuture write(Object message, ChannelPromise promise) {
        unsafe().write(message, promise);
        return promise;
    }

    @Override
    public ChannelFuture writeAndFlush(Object message) {
        ChannelFuture written = write(message, newPromise());
        unsafe().flush();
        return written;
    }

    @Override
    public Channel flush() {
        unsafe().flush();
        return this;
    }

    @Override
    public ChannelPromise newPromise() {
        return new DefaultChannelPromise(this);
    }

    /** Known to a socket that was closed from the beginning, too. */
    @Override
    public EventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public EpollChannelConfig config() {
        return SharedParts.get().config();
    }

    @Override
    protected ChannelId newId() {
        return SharedParts.get().id();
    }

    @Override
    protected DefaultChannelPipeline newChannelPipeline() {
        return SharedParts.get().pipeline();
    }
}
