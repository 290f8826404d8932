package dev.culvert.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.epoll.SocketReader;
import io.netty.channel.epoll.TunnelSocket;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection whose peer may still be sending. RFC 9112 §9.6: closed at once, the kernel would answer what comes with a
 * reset, and the peer might never see our last word; so our side ends first, and what comes is dropped for a while. Event loop
 * only.
 */
final class LingeringClose implements SocketReader {
    private static final int SECONDS = 10;
    private static final int READ = 2 << 10;

    private final TunnelSocket socket;
    private boolean sent;
    private boolean ended;

    private LingeringClose(TunnelSocket socket) {
        this.socket = socket;
        this.ended = socket.isEnded();
    }

    /**
     * Ends a connection when all that was written to it is out.
     *
     * @param socket nobody else writes to it from now on
     * @param last what is still to be written, perhaps nothing; released
     */
    static void of(TunnelSocket socket, ByteBuf last) {
        LingeringClose reader = new LingeringClose(socket);
        socket.setReader(reader);
        socket.resume();
        socket.writeAndFlush(last).addListener(done -> reader.sent(done.isSuccess()));
    }

    private void sent(boolean whole) {
        sent = true;
        if (ended || !whole) {
            socket.close();
        } else {
            socket.endOutput();
            socket.eventLoop().schedule(() -> socket.close(), SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public ByteBuf buffer() {
        return PooledByteBufAllocator.DEFAULT.directBuffer(READ, READ);
    }

    @Override
    public void read(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void readComplete() {}

    @Override
    public void ended() {
        ended = true;
        if (sent) {
            socket.close();
        }
    }

    @Override
    public void closed() {}

    @Override
    public void failed(Throwable cause) {
        socket.close();
    }
}
