package io.netty.channel.epoll;

import io.netty.buffer.ByteBuf;

/** Whoever reads from a {@link TunnelSocket}, or hears of it that there is no more to read. On the socket's event loop. */
public interface SocketReader {
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

    /** The socket is closed, and not by {@link TunnelSocket#close()}: a write failed. */
    void closed();

    /** A read failed, mostly by the peer's reset. */
    void failed(Throwable cause);
}
