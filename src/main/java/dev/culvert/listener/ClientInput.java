package dev.culvert.listener;

import static java.util.Objects.requireNonNull;

import dev.culvert.RefusedException;
import dev.culvert.flow.SinkBacklog;
import dev.culvert.handshake.UpgradeRequest;
import dev.culvert.tunnel.TunnelSockets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.SocketReader;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What a client says on a socket that has no channel: its first request, and all of an upgrade's. Most of what a channel has would
 * be made for an upgrade in vain; a plain request has the socket become one ({@link PlainDoor}), and comes to it from there. Event
 * loop only.
 */
final class ClientInput implements SocketReader, RequestDecoder.Taker, RequestWays {
    private static final Logger LOG = Logger.getLogger(ClientInput.class);

    /** Bytes of the first read, of which most heads are shorter, and of those that follow. */
    private static final int FIRST = 2 << 10;

    private static final int NEXT = 16 << 10;

    private final Rooms rooms;
    private final ClientSocket client;
    private final @Nullable PlainDoor plain;
    private @Nullable PlainInput channel;
    private @Nullable UpgradeRoute upgrade;
    private int most = FIRST;
    private boolean over;

    /** A connection that was accepted, of which nothing was read. */
    private ClientInput(Rooms rooms, TunnelSocket socket, InetSocketAddress peer, PlainDoor plain) {
        this.rooms = rooms;
        this.plain = plain;
        this.client = new ClientSocket(socket, new RequestDecoder(socket.eventLoop(), rooms.bounds(), this), peer);
    }

    /**
     * A connection that carried plain requests and left its channel.
     *
     * @param client whose decoder is made another's
     */
    private ClientInput(Rooms rooms, ClientSocket client) {
        this.rooms = rooms;
        this.client = client;
        this.plain = null;
    }

    /**
     * Begins to read from a socket that was accepted.
     *
     * @param plain where plain requests go
     */
    static void accept(Rooms rooms, TunnelSocket socket, InetSocketAddress peer, PlainDoor plain) {
        ClientInput input = new ClientInput(rooms, socket, peer, plain);
        try {
            socket.setReader(input);
            socket.register();
        } catch (IOException full) {
            LOG.warnf("A client is closed: %s", full.getMessage());
            input.gone();
        }
    }

    /** Takes over from a channel; what that had not sent yet is counted until the client has taken it. */
    static ClientInput of(Rooms rooms, ClientSocket client) {
        ClientInput input = new ClientInput(rooms, client);
        client.decoder().setTaker(input);
        client.socket().setReader(input);
        long waiting = SinkBacklog.pending(client.socket());
        if (waiting > 0) {
            new SinkBacklog(rooms.flow().backlog()).count(waiting, client.socket(), () -> {});
        }
        return input;
    }

    @Override
    public ByteBuf buffer() {
        int room = (int) Math.min(most, rooms.flow().backlog().share());
        return PooledByteBufAllocator.DEFAULT.directBuffer(room, room);
    }

    @Override
    public void read(ByteBuf bytes) {
        most = NEXT;
        client.decoder().read(bytes);
        PlainInput opened = channel;
        if (opened != null) {
            opened.readComplete();
        }
    }

    @Override
    public void readComplete() {}

    @Override
    public void came(Object message) {
        if (message instanceof RefusedException refused) {
            refuse(null, refused);
        } else if (message instanceof HttpRequest request) {
            RequestWays.lead(request, rooms, this);
        } else if (upgrade != null && !over) {
            upgrade.clientBody((HttpContent) message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void plain(HttpRequest request) {
        PlainInput opened = requireNonNull(plain).open(client);
        channel = opened;
        opened.plain(request);
    }

    @Override
    public void upgrade(HttpRequest request, UpgradeRequest asked) {
        client.decoder().hold();
        TunnelSockets.prepare(client.socket(), client.peer());
        upgrade = new UpgradeRoute(rooms, client, request, asked);
        upgrade.begin();
        if (client.socket().isEnded()) {
            upgrade.clientEnded();
        }
    }

    @Override
    public void refuse(@Nullable HttpRequest request, RefusedException why) {
        over = true;
        client.refuse(request, why, rooms.log());
    }

    /** Closes behind what was written; what comes is dropped. */
    void close() {
        over = true;
        client.decoder().discard();
        LingeringClose.of(client.socket(), Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void reading(boolean on) {
        client.reading(on);
    }

    /** Nobody waits for a second request here. */
    @Override
    public void idle() {}

    /** RFC 9112 §9.5: without a request there is nothing to wait for. */
    @Override
    public void ended() {
        if (upgrade != null) {
            upgrade.clientEnded();
        } else {
            client.socket().close();
            gone();
        }
    }

    @Override
    public void closed() {
        gone();
    }

    @Override
    public void failed(Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debugf("A client's connection failed: %s", cause.getMessage());
        } else {
            LOG.error("A client's connection failed by a fault of our own", cause);
        }
        client.socket().close();
        gone();
    }

    private void gone() {
        over = true;
        client.decoder().discard();
        if (upgrade != null) {
            upgrade.clientGone();
        }
    }
}
