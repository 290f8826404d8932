package dev.culvert.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where the frames of one direction of a WebSocket begin and end, RFC 6455 §5.2: told from their headers as the bytes pass,
 * however they are cut into reads. Alters nothing and keeps a few numbers. What is no WebSocket makes it uncertain for good.
 * Not thread-safe: one for each direction.
 */
final class WebSocketFrames {
    private enum At {
        FIRST_BYTE,
        SECOND_BYTE,
        LENGTH,
        PAYLOAD
    }

    /** RFC 6455 §7.4.1: an endpoint is going away, such as a server going down. */
    private static final int GOING_AWAY = 1001;

    private static final int CONTINUATION = 0x0;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PONG = 0xA;
    private static final int FIN_BIT = 0x80;
    private static final int MASK_BIT = 0x80;
    private static final int LONGEST_CONTROL = 125;
    private static final int TWO_BYTES = 126;
    private static final int MASK_BYTES = 4;

    private final boolean masked;
    private At at = At.FIRST_BYTE;
    private long rest;
    private int lengthBytes;
    private int opcode;
    private boolean fin;
    private boolean inMessage;
    private boolean closing;
    private boolean uncertain;

    /** @param masked as the client's frames are and the app's are not: RFC 6455 §5.1 */
    WebSocketFrames(boolean masked) {
        this.masked = masked;
    }

    /** Whether the next byte begins a message: a Close frame put here cuts nothing in two. */
    boolean isBetweenMessages() {
        return at == At.FIRST_BYTE && !inMessage && !uncertain;
    }

    /** Whether a Close frame began: this side ends by itself. */
    boolean isClosing() {
        return closing;
    }

    /** Whether what passed was no WebSocket as we know it, so that no boundary can be told. */
    boolean isUncertain() {
        return uncertain;
    }

    /** Follows the readable bytes, which pass. */
    void follow(ByteBuf bytes) {
        follow(bytes, false);
    }

    /**
     * Follows the readable bytes as far as the first place between two messages.
     *
     * @return how many of them that is; all where there is no such place
     */
    int followToBoundary(ByteBuf bytes) {
        return follow(bytes, true);
    }

    private int follow(ByteBuf bytes, boolean toBoundary) {
        int from = bytes.readerIndex();
        int end = bytes.writerIndex();
        int i = from;
        while (i < end && !uncertain) {
            if (at == At.PAYLOAD) {
                int step = (int) Math.min(rest, end - i);
                rest -= step;
                i += step;
            } else {
                header(bytes.getByte(i++));
            }
            if (at == At.PAYLOAD && rest == 0) {
                frameEnded();
                if (toBoundary && isBetweenMessages()) {
                    return i - from;
                }
            }
        }
        return end - from;
    }

    private void header(byte b) {
        switch (at) {
            case FIRST_BYTE -> first(b);
            case SECOND_BYTE -> second(b);
            case LENGTH -> length(b);
            case PAYLOAD -> throw new IllegalStateException("no header");
        }
    }

    private void first(byte b) {
        fin = (b & FIN_BIT) != 0;
        opcode = b & 0x0f;
        boolean control = opcode >= CLOSE;
        uncertain = opcode > PONG
                || (opcode > BINARY && !control) // §5.2: reserved
                || (control && !fin) // §5.5: control frames MUST NOT be fragmented
                || (!control && (opcode == CONTINUATION) != inMessage); // §5.4: nothing but what continues the message
        closing |= opcode == CLOSE && !uncertain;
        at = At.SECOND_BYTE;
    }

    private void second(byte b) {
        int length = b & ~MASK_BIT & 0xff;
        uncertain = ((b & MASK_BIT) != 0) != masked || (opcode >= CLOSE && length > LONGEST_CONTROL);
        lengthBytes = length < TWO_BYTES ? 0 : length == TWO_BYTES ? Short.BYTES : Long.BYTES;
        rest = lengthBytes == 0 ? length : 0;
        at = At.LENGTH;
        if (lengthBytes == 0) {
            payload();
        }
    }

    private void length(byte b) {
        rest = (rest << Byte.SIZE) | (b & 0xff);
        if (--lengthBytes == 0) {
            payload();
        }
    }

    private void payload() {
        uncertain |= rest < 0; // §5.2: the most significant bit MUST be 0
        if (masked) {
            rest += MASK_BYTES;
        }
        at = At.PAYLOAD;
    }

    private void frameEnded() {
        at = At.FIRST_BYTE;
        if (opcode < CLOSE) {
            inMessage = !fin;
        }
    }

    /** A Close frame for this direction that says that its endpoint is going away; masked where the client's frames are. */
    ByteBuf goingAway() {
        byte[] status = {(byte) (GOING_AWAY >> Byte.SIZE), (byte) GOING_AWAY};
        ByteBuf frame = Unpooled.buffer(2 + MASK_BYTES + status.length).writeByte(FIN_BIT | CLOSE);
        if (!masked) {
            return frame.writeByte(status.length).writeBytes(status);
        }
        byte[] mask = new byte[MASK_BYTES];
        ThreadLocalRandom.current().nextBytes(mask);
        return frame.writeByte(MASK_BIT | status.length)
                .writeBytes(mask)
                .writeByte(status[0] ^ mask[0])
                .writeByte(status[1] ^ mask[1]);
    }
}
