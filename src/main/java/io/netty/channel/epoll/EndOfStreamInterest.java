package io.netty.channel.epoll;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Lets the end of a peer's stream wait behind the bytes before it. Netty asks epoll to be told of a peer's FIN at once
 * (EPOLLRDHUP), and then reads all that the kernel holds of that stream, though reading was switched off: megabytes for each
 * tunnel whose sender ended while its reader paused. Without that interest the FIN is found by the read behind the last byte,
 * so a read must go on until nothing is left. A reset is reported either way.
 *
 * <p>Events stay edge-triggered: a socket that is shut down in both directions is in EPOLLHUP, which cannot be masked and
 * which a level-triggered epoll would report for as long as our side pauses.
 *
 * <p>Netty gives no access to a channel's interest, hence a class in its package; checked with Netty 4.1.140.
 */
public final class EndOfStreamInterest {
    private EndOfStreamInterest() {}

    /**
     * Event loop only.
     *
     * @param channel a socket channel on epoll
     * @throws IllegalAccessError where Netty was loaded by another class loader than Culvert, as in Quarkus' dev mode
     */
    public static void drop(EpollSocketChannel channel) {
        drop((AbstractEpollChannel) channel);
    }

    /** The same for a unix socket. */
    public static void drop(EpollDomainSocketChannel channel) {
        drop((AbstractEpollChannel) channel);
    }

    private static void drop(AbstractEpollChannel channel) {
        try {
            channel.clearFlag(Native.EPOLLRDHUP);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
