package dev.culvert.flow;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;

/** Bytes that were read from one socket and not decoded yet, in the order in which they came. Event loop only. */
public final class Undecoded {
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

    /** Adds what was read: it belongs here from now on. */
    public void add(ByteBuf read) {
        bytes = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(PooledByteBufAllocator.DEFAULT, bytes, read);
    }

    /** All of them, for whoever decodes, until the next call of another method; its reader index tells what was decoded. */
    public ByteBuf bytes() {
        return bytes;
    }

    /** Whether there are any. */
    public boolean isEmpty() {
        return !bytes.isReadable();
    }

    /** Takes all of them, perhaps none: they are the caller's from now on. */
    public ByteBuf take() {
        ByteBuf all = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        return all;
    }

    /**
     * Gives back the memory of what was decoded. Not only when nothing is left: a body whose reads never end with a piece of it would
     * stay here as a whole.
     */
    public void tidy() {
        if (isEmpty()) {
            take().release();
        } else if (bytes.refCnt() == 1) { // else a piece of it is still under way
            bytes.discardSomeReadBytes();
        }
    }
}
