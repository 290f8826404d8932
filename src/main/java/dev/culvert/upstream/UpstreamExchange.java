package dev.culvert.upstream;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.flow.Backlog;
import dev.culvert.flow.Flow;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.epoll.SocketReader;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One request to the app and its answer, over a connection that carries nothing else: head and body out, interim answers
 * and the final one in. Ends with {@link #release}, when the app has switched, or with {@link #abort}. The socket's reader
 * until then. Event loop only.
 */
public final class UpstreamExchange implements SocketReader {
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

    /** Bytes of a read for a head, of which most are this short, and of one for a body. */
    private static final int HEAD_READ = 2 << 10;

    private static final int BODY_READ = 16 << 10;

    private static final Logger LOG = Logger.getLogger(UpstreamExchange.class);

    private final TunnelSocket app;
    private final Client client;
    private final Backlog backlog;
    private final AnswerDeadline deadline;
    private final RequestOutput output;
    private final Promise<HttpResponse> answer = Promise.promise();
    private @Nullable AnswerDecoder decoder;
    private boolean interim;
    private boolean answered;
    private boolean switching;
    private boolean ended;

    /**
     * @param app connected, without a reader
     * @param client told of everything but the final head
     * @param handshakeTimeout from the last piece of the request to the final answer's head
     * @param flow what waits has part in it
     */
    public UpstreamExchange(TunnelSocket app, Client client, Duration handshakeTimeout, Flow flow) {
        this(app, client, app.eventLoop(), handshakeTimeout, flow);
    }

    /** @param clock whose timers are used */
    UpstreamExchange(TunnelSocket app, Client client, EventExecutor clock, Duration handshakeTimeout, Flow flow) {
        this.app = app;
        this.client = client;
        this.backlog = flow.backlog();
        this.deadline = new AnswerDeadline(clock, handshakeTimeout, this::late);
        this.output = new RequestOutput(app, flow, () -> client.appWritable(true));
    }

    /**
     * Sends the head, by the end of the turn.
     *
     * @return the head of the final answer, a 101 or any other; fails with a {@link RefusedException}
     */
    public Future<HttpResponse> send(HttpRequest head) {
        decoder = new AnswerDecoder(head.method(), this::came);
        app.setReader(this);
        output.head(head);
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
        return output.body(content);
    }

    /** Whether more of the answer may be read now: the client's back-pressure. What is behind a 101 waits in any case. */
    public void reading(boolean wanted) {
        if (wanted && !switching) {
            app.resume();
        } else {
            app.pause();
        }
    }

    /** Gives the connection up; what comes of it is of no interest any more. */
    public void abort() {
        finish();
        output.run();
        app.close();
        if (decoder != null) {
            decoder.rest().release();
        }
    }

    /**
     * Lets go of the connection after a 101: nothing is reported or timed any more, and whoever takes it sets another reader
     * within this turn.
     *
     * @return what came behind the 101, perhaps nothing; the caller's from now on
     */
    public ByteBuf release() {
        finish();
        output.run();
        app.resume();
        return Objects.requireNonNull(decoder).rest();
    }

    @Override
    public ByteBuf buffer() {
        long most = Math.min(answered ? BODY_READ : HEAD_READ, backlog.share());
        return PooledByteBufAllocator.DEFAULT.directBuffer((int) most, (int) most);
    }

    @Override
    public void read(ByteBuf bytes) {
        Objects.requireNonNull(decoder).read(bytes);
    }

    @Override
    public void readComplete() {}

    private void came(Object message) {
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

    /** Behind a 101 it is the tunnel's, which passes it on once it stands. */
    @Override
    public void ended() {
        Objects.requireNonNull(decoder).end();
        if (!switching) {
            appEnded();
        }
    }

    @Override
    public void closed() {
        appEnded();
    }

    /** By a reset a body that lasts until the close is not whole. */
    @Override
    public void failed(Throwable cause) {
        if (cause instanceof IOException) {
            appEnded();
            return;
        }
        LOG.error("A handshake failed by a fault of our own", cause);
        if (!ended) {
            fail(new RefusedException(Refusal.ERROR, "a fault of our own"));
        }
    }

    private void appEnded() {
        if (!ended) {
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
