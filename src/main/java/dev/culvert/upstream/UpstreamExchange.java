package dev.culvert.upstream;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.flow.Backlog;
import dev.culvert.flow.BodyFraming;
import dev.culvert.flow.Flow;
import dev.culvert.flow.MessageOutput;
import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request to the app and its answer, over a connection that carries nothing else: head and body out, interim answers
 * and the final one in. Ends with {@link #release}, when the app has switched, or with {@link #abort}. Event loop only.
 */
public final class UpstreamExchange implements AnswerInput.Exchange {
    private final TunnelSocket app;
    private final UpstreamClient client;
    private final Backlog backlog;
    private final AnswerDeadline deadline;
    private final MessageOutput output;
    private @Nullable AnswerInput input;
    private boolean interim;
    private boolean answered;
    private boolean switching;
    private boolean ended;

    /**
     * @param app connected, without a reader
     * @param client told of the answer
     * @param handshakeTimeout from the last piece of the request to the final answer's head
     * @param flow what waits has part in it
     */
    public UpstreamExchange(TunnelSocket app, UpstreamClient client, Duration handshakeTimeout, Flow flow) {
        this(app, client, app.eventLoop(), handshakeTimeout, flow);
    }

    /** @param clock whose timers are used */
    UpstreamExchange(
            TunnelSocket app, UpstreamClient client, EventExecutor clock, Duration handshakeTimeout, Flow flow) {
        this.app = app;
        this.client = client;
        this.backlog = flow.backlog();
        this.deadline = new AnswerDeadline(clock, handshakeTimeout, this::late);
        this.output = new MessageOutput(app, flow, () -> client.appWritable(true));
    }

    /**
     * Sends the head, by the end of the turn.
     *
     * @param request whose answer is awaited, and whose body may follow
     * @param head its bytes; the exchange's from now on
     */
    public void send(HttpRequest request, ByteBuf head) {
        input = new AnswerInput(request.method(), backlog, this);
        app.setReader(reader());
        output.head(head, BodyFraming.of(request));
        deadline.start();
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

    AnswerInput reader() {
        return Objects.requireNonNull(input);
    }

    /** The app's connection. */
    public TunnelSocket socket() {
        return app;
    }

    /** Gives the connection up; what comes of it is of no interest any more. */
    public void abort() {
        finish();
        output.run();
        app.close();
        if (input != null) {
            reader().rest().release();
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
        return reader().rest();
    }

    @Override
    public void came(Object message) {
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
        client.answered(response);
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
    public void ended() {
        if (!switching) {
            gone();
        }
    }

    @Override
    public void gone() {
        fail(new RefusedException(
                Refusal.UPSTREAM_CLOSED, "the app closed the connection before the handshake was over"));
    }

    @Override
    public void failed() {
        fail(new RefusedException(Refusal.ERROR, "a fault of our own"));
    }

    private void late() {
        fail(new RefusedException(Refusal.UPSTREAM_HANDSHAKE_TIMEOUT, "the app did not answer the handshake in time"));
    }

    private void fail(RefusedException refused) {
        if (!ended) {
            abort();
            client.failed(refused);
        }
    }

    private void finish() {
        ended = true;
        deadline.stop();
    }
}
