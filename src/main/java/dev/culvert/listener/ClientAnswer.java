package dev.culvert.listener;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.handshake.Trailers;
import dev.culvert.handshake.UpstreamAnswer;
import dev.culvert.observation.AccessLog;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The app's answer to an upgrade as the client gets it, where it is not the switch: interim heads, the final head, its body
 * streamed, and an end that tells the whole from the cut. Event loop only.
 */
final class ClientAnswer {
    private static final Logger LOG = Logger.getLogger(ClientAnswer.class);

    private final ClientConnection client;
    private final HttpRequest request;
    private final boolean http10;
    private List<String> connection = List.of();
    private boolean speaking;
    private boolean begun;
    private boolean delimited;

    ClientAnswer(ClientConnection client, HttpRequest request) {
        this.client = client;
        this.request = request;
        this.http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }

    /** RFC 9110 §15.2: any number of them; a server MUST NOT send a 1xx response to an HTTP/1.0 client. */
    void interim(HttpResponse answer) {
        if (!http10) {
            speak();
            channel().writeAndFlush(UpstreamAnswer.interim(answer));
        }
    }

    /** The final head; from here on no other answer can be given. */
    void begin(HttpResponse answer) {
        connection = answer.headers().getAll(HttpHeaderNames.CONNECTION);
        HttpResponse head = UpstreamAnswer.passedOn(answer, http10);
        begun = true;
        speak();
        delimited = HttpUtil.isTransferEncodingChunked(head) || HttpUtil.isContentLengthSet(head);
        channel().writeAndFlush(head, channel().voidPromise());
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
        channel()
                .writeAndFlush(Trailers.passedOn(content, connection), channel().voidPromise());
        if (last) {
            client.decoder().discard();
            LingeringClose.of(channel());
        }
        return channel().isWritable();
    }

    /** There is no answer of the app's, or not the whole of it: ours takes its place, if it is not too late. */
    void refuse(Throwable why, AccessLog log) {
        if (begun) {
            client.reset();
        } else if (why instanceof RefusedException refused) {
            client.refuse(request, refused, log);
        } else {
            LOG.error("A handshake failed by a fault of our own", why);
            client.refuse(request, new RefusedException(Refusal.ERROR, "a fault of our own"), log);
        }
    }

    /** RFC 9112 §8: the client must be able to tell; a body that lasts until the close would look whole after one. */
    void truncated() {
        if (delimited) {
            channel().close();
        } else {
            client.reset();
        }
    }

    private void speak() {
        if (!speaking) {
            speaking = true;
            client.speakHttp(request.method());
        }
    }

    private Channel channel() {
        return client.channel();
    }
}
