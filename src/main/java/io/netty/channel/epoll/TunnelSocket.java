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
import io.netty.channel.unix.Descriptors;
import io.netty.util.AttributeKey;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * A socket of a tunnel: the file descriptor of a channel that has done its work, with one reader instead of a pipeline. What a
 * channel has beside its socket, its pipeline, options, addresses and estimates, is half of an idle tunnel's memory, and half of
 * a message's way through a process. Of a channel this has the event loop's attention and the queue of what is written; all
 * sockets share one set of options, and one pipeline that nobody listens to. Event loop only.
 *
 * <p>Edge-triggered, and the peer's FIN is told by epoll (EPOLLRDHUP), so that a short read is a sign that nothing is left. While
 * it pauses, an event has it read one byte: not more, or the kernel's megabytes would come with the peer's FIN; not less, or a
 * reset would go unseen that has no bytes before it. Behind a FIN there is nothing more to be seen before it reads on.
 *
 * <p>Netty's event loop takes no other channels than those of its package, hence a class there; checked with Netty 4.1.140.
 */
public final class TunnelSocket extends AbstractEpollStreamChannel {
    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(TunnelSocket.class);
    private static final AttributeKey<TunnelSocket> SUCCESSOR = AttributeKey.valueOf(TunnelSocket.class, "successor");

    /** Then it is the other sockets' turn. */
    private static final int READS_IN_A_ROW = 16;

    private final EpollEventLoop eventLoop;
    private @Nullable Reader reader;
    private boolean reading = true;
    private boolean finSeen;
    private boolean ended;
    private boolean closing;

    /** Whoever reads, or hears of it that there is no more to read. On the socket's event loop. */
    public interface Reader {
        /** An empty direct buffer for the next read, which takes no more than it has room for. */
        ByteBuf buffer();

        /**
         * Bytes came.
         *
         * @param bytes the reader's from now on
         */
        void read(ByteBuf bytes);

        /** For now that was all. */
        void readComplete();

        /** The peer ended its stream; all before that was read. */
        void ended();

        /** The socket is closed, and not by {@link #close()}: a write failed. */
        void closed();

        /** A read failed, mostly by the peer's reset. */
        void failed(Throwable cause);
    }

    private TunnelSocket(LinuxSocket socket, EpollEventLoop eventLoop, boolean ended) {
        super(socket, false); // else it would ask for the addresses
        this.eventLoop = eventLoop;
        this.ended = ended;
        active = true;
        flags |= Native.EPOLLIN;
    }

    /**
     * Takes the socket of a channel, and what it has not sent yet. The channel is closed without its peer's knowing; what its
     * handlers hold is still theirs. Where it was closed already, so is the socket, whose reader does not hear of it.
     *
     * @param from a stream's, on an event loop of epoll, on which this is called
     * @param ended whether the peer's stream has ended already
     * @throws IllegalAccessError where Netty was loaded by another class loader than Culvert, as in Quarkus' dev mode
     */
    public static TunnelSocket of(Channel from, boolean ended) {
        AbstractEpollChannel old = (AbstractEpollChannel) from;
        EpollEventLoop eventLoop = (EpollEventLoop) old.eventLoop();
        if (!old.isOpen()) {
            TunnelSocket closed = new TunnelSocket(old.socket, eventLoop, ended);
            closed.close();
            return closed;
        }
        TunnelSocket socket = new TunnelSocket(new LinuxSocket(old.socket.intValue()), eventLoop, ended);
        leave(eventLoop, old);
        Descriptors.take(old.socket);
        try {
            socket.takeOver(old);
        } finally {
            if (!socket.isRegistered()) {
                socket.close();
            }
        }
        return socket;
    }

    private static void leave(EpollEventLoop eventLoop, AbstractEpollChannel channel) {
        try {
            eventLoop.remove(channel);
        } catch (IOException unknown) {
            LOG.debug("A socket was not its event loop's", unknown);
        }
    }

    private void takeOver(AbstractEpollChannel old) {
        takeQueue(old.unsafe().outboundBuffer());
        old.attr(SUCCESSOR).set(this);
        old.unsafe().close(old.unsafe().voidPromise());
        unsafe().register(eventLoop, unsafe().voidPromise());
    }

    /** Completes when a connection is closed: that of the channel, or of the socket that took it over. Any thread. */
    public static void whenClosed(Channel connection, Runnable action) {
        connection.closeFuture().addListener(closed -> {
            TunnelSocket successor = connection.attr(SUCCESSOR).get();
            if (successor == null) {
                action.run();
            } else {
                successor.closeFuture().addListener(both -> action.run());
            }
        });
    }

    /** As much as was not sent of what was written, flushed or not. */
    private void takeQueue(@Nullable ChannelOutboundBuffer queue) {
        if (queue == null) {
            return; // its output is shut down
        }
        queue.addFlush();
        for (Object message = queue.current(); message != null; message = queue.current()) {
            unsafe().write(((ByteBuf) message).retain(), unsafe().voidPromise());
            queue.remove();
        }
    }

    /** Sets who reads. Before the end of the turn. */
    public void setReader(Reader reader) {
        this.reader = reader;
    }

    /** Reads no more, until {@link #resume}. */
    public void pause() {
        reading = false;
        try {
            clearFlag(Native.EPOLLIN);
        } catch (IOException fault) {
            failLater(fault);
        }
    }

    /** Reads on: what waits, first. */
    public void resume() {
        reading = true;
        try {
            setFlag(Native.EPOLLIN);
        } catch (IOException fault) {
            failLater(fault);
        }
    }

    private void failLater(IOException fault) {
        Reader to = reader;
        if (to != null) {
            eventLoop.execute(() -> to.failed(fault));
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

    /** Ends our stream to the peer, which is not told of what is still in the queue. */
    public void endOutput() {
        try {
            doShutdownOutput();
        } catch (Exception gone) { // declared so by Netty
            LOG.debug("A socket's output was gone before it ended", gone);
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

    /** Closes; the reader hears no more. What is still in the queue is dropped. */
    @Override
    public ChannelFuture close() {
        closing = true;
        unsafe().close(unsafe().voidPromise());
        return closeFuture();
    }

    /** From here on nothing is read, whatever is still to be run: the number may be another's. */
    @Override
    protected void doClose() throws Exception {
        Reader unaware = closing ? null : reader;
        closing = true;
        try {
            super.doClose();
        } finally {
            if (unaware != null) {
                eventLoop.execute(unaware::closed);
            }
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

    @Override
    protected AbstractEpollUnsafe newUnsafe() {
        return new Events();
    }

    /** Netty would ask epoll not to tell of a FIN again; edge-triggered, it does not anyway, and what is before it is still to be read. */
    @Override
    void clearFlag(int flag) throws IOException {
        if (flag == Native.EPOLLRDHUP) {
            finSeen = true;
            if (reading) {
                readAll();
            }
        } else {
            super.clearFlag(flag);
        }
    }

    private void readAll() {
        Reader to = reader;
        boolean waitsForItsTurn = finSeen && !reading;
        if (to == null || ended || closing || waitsForItsTurn) {
            return;
        }
        try {
            readInARow(to);
        } catch (IOException | RuntimeException | Error fault) {
            fail(to, fault);
        }
    }

    private void readInARow(Reader to) throws IOException {
        int reads = 0;
        boolean more = true;
        while (more && reads < READS_IN_A_ROW) {
            ByteBuf buffer = to.buffer();
            int room = reading ? buffer.writableBytes() : 1;
            int bytes = receive(buffer, room);
            ended = bytes < 0;
            if (bytes > 0) {
                reads++;
                to.read(buffer);
            }
            more = bytes > 0 && (bytes == room || finSeen) && reading && !closing;
        }
        readComplete(to, reads > 0, more);
    }

    /** What is thrown here would end the event loop. */
    private void fail(Reader to, Throwable fault) {
        try {
            to.failed(fault);
        } catch (RuntimeException | Error again) {
            LOG.error("A tunnel's socket cannot tell its fault", again);
            close();
        }
    }

    /** @return bytes; 0 for none at present, less at the end of the stream. Without any the buffer is released */
    private int receive(ByteBuf buffer, int room) throws IOException {
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

    private void readComplete(Reader to, boolean any, boolean more) {
        if (closing) {
            return;
        }
        if (any) {
            to.readComplete();
        }
        if (ended) {
            to.ended();
        } else if (more) {
            ((AbstractEpollUnsafe) unsafe()).executeEpollInReadyRunnable(config());
        }
    }

    private final class Events extends EpollStreamUnsafe {
        @Override
        void epollInReady() {
            readAll();
        }

        @Override
        public EpollRecvByteAllocatorHandle recvBufAllocHandle() {
            return SharedParts.get().handle();
        }

        @Override
        void shutdownInput(boolean allDataRead) {
            // for a socket that is closed already
        }
    }
}
