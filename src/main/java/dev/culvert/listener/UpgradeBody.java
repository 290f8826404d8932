package dev.culvert.listener;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * The body of an upgrade's request: how much of it has come, and what of it waits for the app's connection. Event loop only.
 */
final class UpgradeBody {
    private @Nullable HttpContent waiting;
    private boolean whole;
    private boolean streamEnded;

    /**
     * A piece came, or the body's end.
     *
     * @throws RefusedException when it cannot be read; it is released then
     */
    void came(HttpContent content) {
        whole = content instanceof LastHttpContent;
        if (!content.decoderResult().isSuccess()) {
            content.release();
            throw new RefusedException(Refusal.BAD_FRAMING, "the request's body cannot be read");
        }
    }

    /** Keeps a piece until the app is connected: only the empty end of a request without a body comes before. */
    void keep(HttpContent content) {
        waiting = content;
    }

    /** What was kept, given up to the caller; null where nothing was. */
    @Nullable HttpContent takeKept() {
        HttpContent kept = waiting;
        waiting = null;
        return kept;
    }

    /** The client's stream ended. */
    void endOfStream() {
        streamEnded = true;
    }

    /** Whether the client's stream ended. */
    boolean isStreamEnded() {
        return streamEnded;
    }

    /** RFC 9110 §7.8: the client cannot use the new protocol before it has sent its whole request. */
    boolean isWhole() {
        return whole;
    }

    /** Whether the client ended its stream inside of the body: the rest will never come. */
    boolean isCut() {
        return streamEnded && !whole;
    }

    /** Releases what was kept. */
    void discard() {
        HttpContent kept = takeKept();
        if (kept != null) {
            kept.release();
        }
    }
}
