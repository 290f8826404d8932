package io.netty.channel.epoll;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A socket with one reader instead of a pipeline: what a tunnel is made of. What a channel has beside its socket, its pipeline,
 * options, addresses and estimates, is half of an idle tunnel's memory, and half of a message's way through a process. {@link
 * SocketListener} accepts them, {@link SocketConnector} opens one, {@link SocketTakeover} makes one of a channel, and a channel of
 * one. Event loop only.
 *
 * <p>Edge-triggered, and the peer's FIN is told by epoll (EPOLLRDHUP), so that a short read is a sign that nothing is left. While
 * it pauses, an event has it read one byte: not more, or the kernel's megabytes would come with the peer's FIN; not less, or a
 * reset would go unseen that has no bytes before it. Behind a FIN there is nothing more to be seen before it reads on.
 *
 * <p>Netty's event loop takes no other channels than those of its package, hence a class there; checked with Netty 4.1.140.
 */
public final class TunnelSocket extends SparseChannel {
    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(TunnelSocket.class);

    /** Then it is the other sockets' turn. */
    private static final int READS_IN_A_ROW = 16;

    private @Nullable SocketReader reader;
    private boolean reading = true;
    private boolean finSeen;
    private boolean ended;
    private boolean closing;

    /** @param ended whether the peer's stream has ended already */
    TunnelSocket(LinuxSocket socket, EpollEventLoop eventLoop, boolean ended) {
        super(socket, eventLoop);
        this.ended = ended;
        flags |= Native.EPOLLIN;
    }

    /** Sets who reads from now on. Before the end of the turn in which the socket was connected or taken over. */
    public void setReader(SocketReader reader) {
        this.reader = reader;
    }

    /** Whether the peer's stream has ended, and all before that was read. */
    public boolean isEnded() {
        return ended;
    }

    /** Reads no more, until {@link #resume}. */
    public void pause() {
        read(false);
    }

    /** Reads on: what waits, first. */
    public void resume() {
        read(true);
    }

    private void read(boolean on) {
        reading = on;
        try {
            if (on) {
                setFlag(Native.EPOLLIN);
            } else {
                clearFlag(Native.EPOLLIN);
            }
        } catch (IOException fault) {
            SocketReader to = reader;
            if (to != null) {
                eventLoop().execute(() -> to.failed(fault));
            }
        }
    }

    /** Closes; the reader hears no more. What is still in the queue is dropped. */
    @Override
    public ChannelFuture close() {
        closing = true;
        unsafe().close(unsafe().voidPromise());
        return closeFuture();
    }

    /** Not while it closes either, or the event loop would take it from epoll, which the kernel does by itself. */
    @Override
    public boolean isOpen() {
        return !closing && super.isOpen();
    }

    /** From here on nothing is read, whatever is still to be run: the number may be another's. */
    @Override
    protected void doClose() throws Exception {
        SocketReader unaware = closing ? null : reader;
        closing = true;
        try {
            super.doClose();
        } finally {
            if (unaware != null) {
                eventLoop().execute(unaware::closed);
            }
        }
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
        boolean waitsForItsTurn = finSeen && !reading;
        if (reader == null || ended || closing || waitsForItsTurn) {
            return;
        }
        try {
            readInARow();
        } catch (IOException | RuntimeException | Error fault) {
            fail(fault);
        }
    }

    private void readInARow() throws IOException {
        int reads = 0;
        boolean more = true;
        while (more && reads < READS_IN_A_ROW) {
            SocketReader to = requireNonNull(reader); // which a read may replace
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
        readComplete(requireNonNull(reader), reads > 0, more);
    }

    /** What is thrown here would end the event loop. */
    private void fail(Throwable fault) {
        try {
            requireNonNull(reader).failed(fault);
        } catch (RuntimeException | Error again) {
            LOG.error("A tunnel's socket cannot tell its fault", again);
            close();
        }
    }

    private void readComplete(SocketReader to, boolean any, boolean more) {
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
