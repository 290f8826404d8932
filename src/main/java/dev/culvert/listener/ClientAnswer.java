package dev.culvert.listener;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.flow.BodyFraming;
import dev.culvert.flow.Flow;
import dev.culvert.flow.MessageOutput;
import dev.culvert.handshake.Trailers;
import dev.culvert.handshake.UpstreamAnswer;
import dev.culvert.observation.AccessLog;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The app's answer to an upgrade as the client gets it, where it is not the switch: interim heads, the final head, its body
 * streamed, and an end that tells the whole from the cut. Event loop only.
 */
final class ClientAnswer {
    private static final Logger LOG = Logger.getLogger(ClientAnswer.class);

    private final ClientSocket client;
    private final HttpRequest request;
    private final Flow flow;
    private final Runnable taken;
    private final boolean http10;
    private @Nullable MessageOutput output;
    private List<String> connection = List.of();
    private boolean begun;
    private boolean withBody;
    private boolean delimited;

    /**
     * @param flow what waits for the client has part in it
     * @param taken runs when the client takes bytes again, behind a piece of the body of which it did not take all
     */
    ClientAnswer(ClientSocket client, HttpRequest request, Flow flow, Runnable taken) {
        this.client = client;
        this.request = request;
        this.flow = flow;
        this.taken = taken;
        this.http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    /** RFC 9110 §15.2: any number of them; a server MUST NOT send a 1xx response to an HTTP/1.0 client. */
    void interim(HttpResponse answer) {
        if (!http10) {
            output().head(UpstreamAnswer.head(UpstreamAnswer.interim(answer)), BodyFraming.AS_IT_IS);
        }
    }

    /** The tunnel's bytes come behind what was written. */
    void leave() {
        if (output != null) {
            output.run();
        }
    }

    /** The final head; from here on no other answer can be given. */
    void begin(HttpResponse answer) {
        connection = answer.headers().getAll(HttpHeaderNames.CONNECTION);
        HttpResponse head = UpstreamAnswer.passedOn(answer, request.method(), http10);
        begun = true;
        withBody = UpstreamAnswer.hasBody(request.method(), head.status());
        delimited = HttpUtil.isTransferEncodingChunked(head) || HttpUtil.isContentLengthSet(head);
        output().head(UpstreamAnswer.head(head), withBody ? BodyFraming.of(head) : BodyFraming.AS_IT_IS);
    }

    /** Whether the final head was written. */
    boolean hasBegun() {
        return begun;
    }

    /**
     * A piece of the body, which is released. Behind the last one the connection closes: what the client sent early must
     * never be read as a request.
     *
     * @return whether the client takes more for now
     */
    boolean body(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        boolean takesMore = true;
        if (withBody) {
            takesMore = output().body(Trailers.passedOn(content, connection));
        } else {
            content.release();
        }
        if (last) {
            client.decoder().discard();
            LingeringClose.of(output().queue(), Unpooled.EMPTY_BUFFER);
        }
        return takesMore;
    }

    /** There is no answer of the app's, or not the whole of it: ours takes its place, if it is not too late. */
    void refuse(Throwable why, AccessLog log) {
        if (begun) {
            truncated();
            return;
        }
        if (output != null) {
            output.queue(); // of the interim ones
        }
        if (why instanceof RefusedException refused) {
            client.refuse(request, refused, log);
        } else {
            LOG.error("A handshake failed by a fault of our own", why);
            client.refuse(request, new RefusedException(Refusal.ERROR, "a fault of our own"), log);
        }
    }

    /** RFC 9112 §8: the client must be able to tell; a body that lasts until the close would look whole after one. */
    private void truncated() {
        if (delimited) {
            output().run();
            client.close();
        } else {
            client.reset();
        }
    }

    private MessageOutput output() {
        MessageOutput made = output;
        if (made == null) {
            made = new MessageOutput(client.socket(), flow, taken);
            output = made;
        }
        return made;
    }
}
