package dev.culvert.plain;

import dev.culvert.handshake.Trailers;
import dev.culvert.handshake.UpstreamAnswer;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** One plain request and its answer, as the wire has them: what the library's own model of both leaves out. Event loop only. */
final class AppExchange {
    /** Where the library's context keeps it. */
    static final String NAME = "dev.culvert.exchange";

    private final HttpServerRequest request;
    private final Channel client;
    private final AppConnection app;
    private final boolean onKeptConnection;
    private boolean heard;
    private @Nullable HttpResponse answer;
    private HttpHeaders answerTrailers = EmptyHttpHeaders.INSTANCE;

    /**
     * @param client the request's channel, with {@link RequestTrailers} in its pipeline
     * @param app the connection that the request goes out on
     */
    AppExchange(HttpServerRequest request, Channel client, AppConnection app) {
        this.request = request;
        this.client = client;
        this.app = app;
        this.onKeptConnection = app.begin(this);
    }

    /** Whether the client speaks HTTP/1.0: no interim answers, no chunks, no trailers. */
    boolean isHttp10() {
        return request.version() == HttpVersion.HTTP_1_0;
    }

    /** Something of an answer came, whatever it is. */
    void heard() {
        heard = true;
    }

    /**
     * Whether the request may go to the app once more, now that its connection has ended: RFC 9112 §9.3.1. The app ends
     * connections that are kept when it likes, and this one may have crossed that end. RFC 9110 §9.2.2: only what is
     * idempotent, and only what is still at hand, which is a request without a body.
     */
    boolean mayBeSentAgain() {
        return onKeptConnection
                && !heard
                && AppPool.isIdempotent(request.method())
                && request.isEnded()
                && request.bytesRead() == 0
                && !request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                && !request.response().closed();
    }

    /** The app's connection is given up, if this exchange has not ended. */
    void abort() {
        app.abort(this);
    }

    /** The trailers that the client has sent, fit for the app. */
    HttpHeaders requestTrailers() {
        RequestTrailers trailers = client.pipeline().get(RequestTrailers.class);
        return trailers == null ? EmptyHttpHeaders.INSTANCE : trailers.passedOn();
    }

    /** RFC 9110 §15.2: a proxy MUST forward 1xx responses; a server MUST NOT send one to an HTTP/1.0 client. */
    void interim(HttpResponse head) {
        if (!isHttp10() && !request.response().closed()) {
            client.writeAndFlush(UpstreamAnswer.interim(head), client.voidPromise());
        }
    }

    /** The final head came. */
    void answered(HttpResponse head) {
        answer = head;
    }

    /** The final answer's end came. */
    void answerEnded(HttpHeaders trailers) {
        answerTrailers = trailers;
    }

    /** The final head as it came. */
    HttpResponse answer() {
        if (answer == null) {
            throw new IllegalStateException("not answered");
        }
        return answer;
    }

    /** The final answer's trailers, fit for the client; none before its end. */
    HttpHeaders answerTrailers() {
        return answerTrailers.isEmpty()
                ? answerTrailers
                : Trailers.passedOn(answerTrailers, answer().headers().getAll(HttpHeaderNames.CONNECTION));
    }
}
