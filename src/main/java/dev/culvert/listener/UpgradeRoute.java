package dev.culvert.listener;

import static java.util.Objects.requireNonNull;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.admission.Admission;
import dev.culvert.handshake.UpgradeRequest;
import dev.culvert.handshake.UpstreamSwitch;
import dev.culvert.observation.TunnelInfo;
import dev.culvert.tunnel.Takeover;
import dev.culvert.upstream.ConnectListener;
import dev.culvert.upstream.UpstreamClient;
import dev.culvert.upstream.UpstreamExchange;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * The journey of one upgrade, from a request that asks for it to a tunnel, or to the app's other answer, or to a refusal.
 * {@link #begin}, {@link #connected} and {@link #answered} are its steps, in the protocol's order. Event loop only.
 */
final class UpgradeRoute implements ConnectListener<TunnelSocket>, UpstreamClient {
    private final Rooms rooms;
    private final ClientSocket client;
    private final HttpRequest request;
    private final UpgradeRequest upgrade;
    private final ClientAnswer answer;
    private final UpgradeBody body;
    private Admission.@Nullable Permit permit;
    private @Nullable UpstreamExchange exchange;
    private @Nullable HttpResponse switched;
    private boolean clientGone;

    /**
     * @param request as it came; its body is held by the decoder
     * @param upgrade what it asks for
     */
    UpgradeRoute(Rooms rooms, ClientSocket client, HttpRequest request, UpgradeRequest upgrade) {
        this.rooms = rooms;
        this.client = client;
        this.request = request;
        this.upgrade = upgrade;
        this.body = new UpgradeBody(request.headers());
        this.answer = new ClientAnswer(
                client, request, rooms.flow(), () -> requireNonNull(exchange).reading(true));
    }

    void begin() {
        try {
            permit = rooms.admission().admit(request);
        } catch (RefusedException e) {
            refuse(e);
            return;
        }
        rooms.upstream().connect(client.socket().eventLoop(), this);
    }

    @Override
    public boolean isWaiting() {
        return !clientGone;
    }

    @Override
    public void connected(TunnelSocket app) {
        try {
            UpstreamExchange opened = rooms.exchange(app, this);
            exchange = opened;
            if (clientGone) {
                opened.abort();
                return;
            }
            opened.send(request, rooms.upstreamHead().of(request, upgrade, client.address()));
            if (!body.sendTo(opened)) {
                client.decoder().resume();
                refuseIfCut();
            }
        } catch (RuntimeException | Error fault) {
            app.close();
            refuse(fault);
        }
    }

    @Override
    public void answered(HttpResponse head) {
        try {
            if (!head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                answer.begin(head);
                return;
            }
            UpstreamSwitch.require(upgrade, request.headers(), head);
            switched = head;
            if (!body.isWhole()) {
                requireNonNull(exchange).reading(false); // what came with the 101 waits for the tunnel
            }
            tunnelWhenWhole();
        } catch (RuntimeException | Error why) { // a switch that was not asked for, or a fault
            refuse(why);
        }
    }

    private void tunnelWhenWhole() {
        HttpResponse head = switched;
        if (head == null || !body.isWhole()) {
            return;
        }
        UpstreamExchange over = requireNonNull(exchange);
        TunnelInfo info =
                new TunnelInfo(client.name(), request.uri(), UpstreamSwitch.protocol(head), upgrade.missing());
        answer.leave();
        Takeover.join(
                rooms.tunnels(),
                client.socket(),
                client.decoder().rest(),
                over.socket(),
                new Takeover.Answer(UpstreamSwitch.head(head), over.release()),
                info,
                requireNonNull(permit)::release);
    }

    private void refuse(Throwable why) {
        leave();
        if (!clientGone) {
            answer.refuse(why, rooms.log());
        }
    }

    private void leave() {
        if (exchange != null) {
            exchange.abort();
        }
        if (permit != null) {
            permit.release();
        }
    }

    /** A piece of the request's body, or its end. */
    void clientBody(HttpContent content) {
        try {
            client.reading(body.came(content));
            tunnelWhenWhole();
        } catch (RefusedException e) {
            refuse(e);
        }
    }

    /** The client's stream ended: the tunnel, once it stands, passes that on. */
    void clientEnded() {
        body.endOfStream();
        if (exchange != null) {
            refuseIfCut();
        }
    }

    /** A client that ended its stream inside the request's body will never send the rest. */
    private void refuseIfCut() {
        if (body.isCut() && !answer.hasBegun()) {
            refuse(new RefusedException(Refusal.BAD_FRAMING, "the request's body ended early"));
        }
    }

    /** The client's connection is gone, and so is the point of all this. */
    void clientGone() {
        clientGone = true;
        leave();
        body.discard();
    }

    @Override
    public void interim(HttpResponse head) {
        answer.interim(head);
    }

    @Override
    public void body(HttpContent content) {
        boolean writable = answer.body(content);
        if (content instanceof LastHttpContent) {
            leave();
        } else {
            requireNonNull(exchange).reading(writable);
        }
    }

    @Override
    public void failed(RefusedException why) {
        refuse(why);
    }

    @Override
    public void appWritable(boolean writable) {
        client.reading(writable);
    }
}
