package dev.culvert.listener;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.handshake.Trailers;
import dev.culvert.upstream.UpstreamExchange;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * The body of an upgrade's request on its way to the app: how much of it has come, and what of it waits for the connection.
 * Event loop only.
 */
final class UpgradeBody {
    private final HttpHeaders head;
    private @Nullable UpstreamExchange exchange;
    private @Nullable HttpContent waiting;
    private boolean whole;
    private boolean streamEnded;

    /** @param head the request's fields, which tell what trailers are not for the app */
    UpgradeBody(HttpHeaders head) {
        this.head = head;
    }

    /**
     * A piece came, or the body's end: it is sent, or kept until the app is connected. Only the empty end of a request without
     * a body comes before that.
     *
     * @return whether the app takes more for now
     * @throws RefusedException when it cannot be read; it is released then
     */
    boolean came(HttpContent content) {
        whole = content instanceof LastHttpContent;
        if (!content.decoderResult().isSuccess()) {
            content.release();
            throw new RefusedException(Refusal.BAD_FRAMING, "the request's body cannot be read");
        }
        if (exchange == null) {
            waiting = content;
            return true;
        }
        return exchange.sendBody(Trailers.passedOn(content, head.getAll(HttpHeaderNames.CONNECTION)));
    }

    /**
     * The app is connected, and has the head.
     *
     * @return whether something was kept, which is sent now
     */
    boolean sendTo(UpstreamExchange connected) {
        exchange = connected;
        HttpContent kept = waiting;
        waiting = null;
        if (kept != null) {
            connected.sendBody(kept);
        }
        return kept != null;
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
        if (waiting != null) {
            waiting.release();
            waiting = null;
        }
    }
}
