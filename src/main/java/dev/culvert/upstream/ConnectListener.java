package dev.culvert.upstream;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;

/**
 * Whoever waits for a connection to the app. Event loop only.
 *
 * @param <C> what a connection is
 */
public interface ConnectListener<C> {
    /** Whether anybody still waits: asked before another try. */
    boolean isWaiting();

    /** The connection, without a reader; the listener's from now on. */
    void connected(C app);

    /** There is none: {@link Refusal#UPSTREAM_REFUSED} or {@link Refusal#UPSTREAM_CONNECT_TIMEOUT}. */
    void failed(RefusedException why);
}
