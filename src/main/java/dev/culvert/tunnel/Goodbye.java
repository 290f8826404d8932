package dev.culvert.tunnel;

import dev.culvert.flow.Sink;
import io.netty.buffer.ByteBuf;

/**
 * Tells the sink of a WebSocket's direction in its own words, a Close frame, that nothing more is to come: at the first place
 * between two messages. Everything on its way to the sink passes here, unchanged. Event loop only.
 */
final class Goodbye {
    private final WebSocketFrames frames;
    private final Sink sink;
    private boolean due;

    /**
     * @param frames of the direction, none of which has passed
     * @param sink flushed by whoever writes to it
     */
    Goodbye(WebSocketFrames frames, Sink sink) {
        this.frames = frames;
        this.sink = sink;
    }

    /** Whether the source says goodbye by itself. */
    boolean isSaidBySource() {
        return frames.isClosing();
    }

    /**
     * Says it now, or with what comes.
     *
     * @return whether there is a place for it; else the stream can only be ended
     */
    boolean say() {
        if (frames.isUncertain()) {
            return false;
        }
        due = true;
        sayBetweenMessages();
        return true;
    }

    /**
     * Writes to the sink, with the goodbye at its place.
     *
     * @return whether all was written; else there is no place for the goodbye, and the rest is dropped
     */
    boolean write(ByteBuf payload) {
        boolean placed = !due || writeToBoundary(payload);
        if (placed && payload.isReadable()) {
            frames.follow(payload);
            sink.write(payload);
        } else {
            payload.release();
        }
        return placed;
    }

    private boolean writeToBoundary(ByteBuf payload) {
        sink.write(payload.readRetainedSlice(frames.followToBoundary(payload)));
        if (frames.isClosing()) {
            due = false;
        } else {
            sayBetweenMessages();
        }
        return frames.isClosing() || !frames.isUncertain();
    }

    private void sayBetweenMessages() {
        if (frames.isBetweenMessages()) {
            due = false;
            sink.write(frames.goingAway());
            sink.flush();
        }
    }
}
