package dev.culvert.upstream;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/**
 * One request to the app and its answer, over a connection that carries nothing else: head and body out, interim answers
 * and the final one in. Ends with {@link #release}, when the app has switched, or with {@link #abort}. Event loop only.
 */
public final class UpstreamExchange extends ChannelInboundHandlerAdapter {
    /** Whoever waits for the answer. */
    public interface Client {
        /** A 1xx that is not the last word. */
        void interim(HttpResponse answer);

        /** A piece of the final answer's body, reference counted; {@link LastHttpContent} ends it. */
        void body(HttpContent content);

        /** No more comes, inside of the final answer's body or while a switch still waits for the request's end. */
        void truncated(RefusedException why);

        /** The app takes bytes again, or takes no more for now. */
        void appWritable(boolean writable);
    }

    private final Channel app;
    private final Client client;
    private final AnswerDeadline deadline;
    private final Promise<HttpResponse> answer = Promise.promise();
    private boolean interim;
    private boolean answered;
    private boolean switching;
    private boolean ended;

    /**
     * @param app connected, with nothing in its pipeline that reads
     * @param client told of everything but the final head
     * @param handshakeTimeout from the last piece of the request to the final answer's head
     */
    public UpstreamExchange(Channel app, Client client, Duration handshakeTimeout) {
        this.app = app;
        this.client = client;
        this.deadline = new AnswerDeadline(app.eventLoop(), handshakeTimeout, this::late);
    }

    /**
     * Sends the head.
     *
     * @return the head of the final answer, a 101 or any other; fails with a {@link RefusedException}
     */
    public Future<HttpResponse> send(HttpRequest head) {
        app.pipeline().addLast(new HttpRequestEncoder(), new AnswerDecoder(head.method()), this);
        app.writeAndFlush(head, app.voidPromise());
        deadline.start();
        return answer.future();
    }

    /**
     * Sends a piece of the body, which is released. With each one the handshake's clock starts anew.
     *
     * @return whether the app takes more for now
     */
    public boolean sendBody(HttpContent content) {
        if (ended) {
            content.release();
            return true;
        }
        if (!answered || switching) {
            deadline.start();
        }
        app.writeAndFlush(content, app.voidPromise());
        return ended || app.isWritable(); // the write may have shown that the app is gone
    }

    /** Whether more of the answer may be read now: the client's back-pressure. What is behind a 101 waits in any case. */
    public void reading(boolean wanted) {
        app.config().setAutoRead(wanted && !switching);
    }

    /** Gives the connection up; what comes of it is of no interest any more. */
    public void abort() {
        finish();
        app.close();
    }

    /**
     * Lets go of the connection after a 101: nothing is reported or timed any more, and whoever takes it removes the
     * handlers from its pipeline, the last one first.
     *
     * @return the app's channel
     */
    public Channel release() {
        finish();
        return app;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ended) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof RefusedException refused) {
            fail(refused);
        } else if (message instanceof HttpResponse response) {
            head(response);
        } else if (message instanceof HttpContent content) {
            content(content);
        }
    }

    private void head(HttpResponse response) {
        switching = response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        interim = !switching && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (interim) {
            client.interim(response);
            return;
        }
        answered = true;
        if (!switching) {
            deadline.stop(); // a switch waits for the end of the request, and not for ever
        }
        answer.complete(response);
    }

    private void content(HttpContent content) {
        if (interim || switching) {
            content.release(); // the end of a head that has no body
            interim = false;
        } else {
            ended = content instanceof LastHttpContent;
            client.body(content);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        client.appWritable(app.isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // Behind a 101 it is the tunnel's, which passes it on once it stands.
        if (event instanceof ChannelInputShutdownEvent && !switching) {
            appEnded();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        appEnded();
    }

    /** A reset comes before the decoder hears of the end: a body that lasts until the close is then not whole. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        appEnded();
    }

    private void appEnded() {
        if (!ended) { // our own close, too, comes back here
            fail(new RefusedException(
                    Refusal.UPSTREAM_CLOSED, "the app closed the connection before the handshake was over"));
        }
    }

    private void late() {
        fail(new RefusedException(Refusal.UPSTREAM_HANDSHAKE_TIMEOUT, "the app did not answer the handshake in time"));
    }

    private void fail(RefusedException refused) {
        boolean inBody = answered && !ended;
        abort();
        if (inBody) {
            client.truncated(refused);
        } else {
            answer.tryFail(refused);
        }
    }

    private void finish() {
        ended = true;
        deadline.stop();
    }
}
