package dev.culvert.listener;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.flow.Undecoded;
import dev.culvert.guard.HeaderDeadline;
import dev.culvert.guard.MessageSyntax;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request at a time, as far as {@link MessageSyntax} lets it pass. What comes behind a request is held, undecoded and
 * bounded, until the exchange is over ({@link #next}): it may be the next request, or the first bytes of a tunnel ({@link #rest}).
 * Makes HTTP objects, or one {@link RefusedException} after which it drops all that comes; where a body turns out bad, its end is
 * one whose result is a failure. Event loop only.
 */
final class RequestDecoder implements MessageSyntax.Parser {
    /** Whoever the requests are for: another one when the connection becomes another thing. May call back meanwhile. */
    interface Taker {
        /** An HTTP object, reference counted, or the last {@link RefusedException}. */
        void came(Object message);

        /** Whether more is to be read from the client's socket. */
        void reading(boolean on);

        /** The client has not begun its next request in time. */
        void idle();
    }

    private final MessageSyntax syntax;
    private final int mostHeld;
    private final HeaderDeadline deadline;
    private final Undecoded undecoded = new Undecoded();
    private final List<Object> made = new ArrayList<>(2);
    private @Nullable RequestBodies bodies;
    private Taker taker;
    private boolean holding;
    private boolean refused;
    private boolean decoding;

    /**
     * Begins to wait for a head.
     *
     * @param eventLoop the connection's
     */
    RequestDecoder(EventExecutor eventLoop, RequestBounds bounds, Taker taker) {
        this.syntax = MessageSyntax.ofRequests(bounds.headBytes(), bounds.headFields());
        this.mostHeld = bounds.mostHeld();
        this.taker = taker;
        this.deadline = new HeaderDeadline(
                eventLoop, bounds.headerTimeout(), bounds.idleTimeout(), this::late, () -> this.taker.idle());
        deadline.headDue();
    }

    /** Gives what is made from now on to somebody else. */
    void setTaker(Taker next) {
        taker = next;
    }

    /**
     * Decodes as far as it goes.
     *
     * @param bytes the decoder's from now on
     */
    void read(ByteBuf bytes) {
        undecoded.add(bytes);
        decodeOn();
        if (holding && undecoded.bytes().readableBytes() >= mostHeld) {
            taker.reading(false);
        }
    }

    /** Holds what follows. */
    void hold() {
        holding = true;
    }

    /** Decodes on what was held. */
    void resume() {
        holding = false;
        taker.reading(true);
        decodeOn();
    }

    /** The exchange is over; the next request may come. */
    void next() {
        if (undecoded.isEmpty()) {
            deadline.waiting();
        }
        resume();
    }

    /** The client is given the time between two requests once more: it owes us nothing yet. */
    void waitOn() {
        deadline.waiting();
    }

    /** Drops all that comes from now on: the client has been refused, or is gone. */
    void discard() {
        refused = true;
        deadline.stop();
        rest().release();
    }

    /** The bytes that were not decoded, perhaps none. They are the caller's from now on. */
    ByteBuf rest() {
        return undecoded.take();
    }

    private void decodeOn() {
        if (decoding) {
            return; // whoever does goes on
        }
        decoding = true;
        try {
            boolean goesOn = true;
            while (goesOn && !refused && !holding && !undecoded.isEmpty()) {
                goesOn = step();
            }
        } finally {
            decoding = false;
        }
        if (refused) {
            rest().release();
        }
        undecoded.tidy();
    }

    /** @return whether there may be another one */
    private boolean step() {
        ByteBuf in = undecoded.bytes();
        int before = in.readableBytes();
        boolean inBody = syntax.inMessage();
        parse(in);
        boolean any = !made.isEmpty();
        boolean goesOn = any || in.readableBytes() < before;
        if (any) {
            deadline.stop();
            holding |= made.get(made.size() - 1) instanceof LastHttpContent;
            refused = made.get(0) instanceof RefusedException;
            if (refused && inBody) {
                made.set(0, RequestBodies.broken((RefusedException) made.get(0)));
            }
        } else if (!inBody) {
            deadline.headByte(); // of one that is not whole: the others need no clock of their own
        }
        tell();
        return goesOn;
    }

    private void parse(ByteBuf in) {
        try {
            syntax.read(in, made, this);
        } catch (Exception fault) { // declared so by Netty
            made.add(RequestBodies.unreadable());
        }
    }

    @Override
    public boolean hasBody(HttpMessage head) {
        return MessageSyntax.isBodyAnnounced(head);
    }

    @Override
    public void decode(ByteBuf in, List<Object> out) throws Exception {
        RequestBodies parser = bodies;
        if (parser == null) {
            parser = new RequestBodies(syntax.parserConfig());
            bodies = parser;
        }
        parser.decode(in, out);
    }

    /** To whoever it is for by then: the first object may make the connection another thing. */
    private void tell() {
        try {
            made.forEach(object -> taker.came(object));
        } finally {
            made.clear();
        }
    }

    private void late() {
        refused = true;
        taker.came(new RefusedException(Refusal.HEADER_TIMEOUT, "the head was not complete in time"));
    }
}
