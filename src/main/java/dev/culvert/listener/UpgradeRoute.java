package dev.culvert.listener;

import static java.util.Objects.requireNonNull;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.admission.Admission;
import dev.culvert.handshake.UpgradeRequest;
import dev.culvert.handshake.UpstreamSwitch;
import dev.culvert.observation.TunnelInfo;
import dev.culvert.tunnel.Takeover;
import dev.culvert.upstream.UpstreamClient;
import dev.culvert.upstream.UpstreamExchange;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * The journey of one upgrade, from a request that asks for it to a tunnel, or to the app's other answer, or to a refusal.
 * {@link #begin} is the whole of it, in the protocol's order; the rest is what each step does. Event loop only.
 */
final class UpgradeRoute implements UpstreamClient {
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
        this.answer = new ClientAnswer(client, request, rooms.flow(), () -> clientWritable(true));
    }

    void begin() {
        try {
            permit = rooms.admission().admit(request);
        } catch (RefusedException e) {
            refuse(e);
            return;
        }
        rooms.upstream()
                .connect(client.socket().eventLoop(), () -> !clientGone)
                .compose(this::ask)
                .compose(this::follow)
                .onFailure(this::refuse);
    }

    private Future<HttpResponse> ask(TunnelSocket app) {
        UpstreamExchange opened =
                new UpstreamExchange(app, this, rooms.settings().upstream().handshakeTimeout(), rooms.flow());
        exchange = opened;
        if (clientGone) {
            opened.abort();
            return Future.failedFuture("the client is gone");
        }
        Future<HttpResponse> awaited =
                opened.send(request, rooms.upstreamHead().of(request, upgrade, client.address()));
        if (!body.sendTo(opened)) {
            client.decoder().resume();
            refuseIfCut();
        }
        return awaited;
    }

    private Future<Void> follow(HttpResponse head) {
        if (head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            UpstreamSwitch.require(upgrade, request.headers(), head);
            switched = head;
            if (!body.isWhole()) {
                requireNonNull(exchange).reading(false); // what came with the 101 waits for the tunnel
            }
            tunnelWhenWhole();
        } else {
            answer.begin(head);
        }
        return Future.succeededFuture();
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

    /** The client takes the answer's bytes again, or takes no more for now. */
    private void clientWritable(boolean writable) {
        if (exchange != null) {
            exchange.reading(writable);
        }
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
            clientWritable(writable);
        }
    }

    @Override
    public void truncated(RefusedException why) {
        if (answer.hasBegun()) {
            leave();
            answer.truncated();
        } else {
            refuse(why);
        }
    }

    @Override
    public void appWritable(boolean writable) {
        client.reading(writable);
    }
}
