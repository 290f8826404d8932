package io.netty.channel.unix;

import org.jspecify.annotations.NullMarked;

/** File descriptors that change hands. Netty gives no access to their state; checked with Netty 4.1.140. */
@NullMarked // not the package: what Netty has in it says nothing of nulls
public final class Descriptors {
    private Descriptors() {}

    /**
     * Takes a descriptor from its owner, for whom it is closed from now on: to close it does nothing any more. Nobody closes its
     * number then but the caller. Any thread.
     */
    public static void take(FileDescriptor owner) {
        owner.markClosed();
    }
}
