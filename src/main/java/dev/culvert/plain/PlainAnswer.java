package dev.culvert.plain;

import dev.culvert.Refusal;
import dev.culvert.handshake.UpstreamAnswer;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.streams.ReadStream;

/**
 * The answer to a plain request as the client gets it: the app's fields as they came, its body streamed, its trailers.
 * Written here and not by the library, which sorts, rewrites and drops fields, sends a head with the first byte of its body,
 * and would collect a body of unknown length for an HTTP/1.0 client in memory. Event loop only.
 */
final class PlainAnswer {
    private final Vertx vertx;
    private final HttpServerRequest request;
    private final HttpServerResponse out;
    private final DateClock clock;

    PlainAnswer(Vertx vertx, HttpServerRequest request, DateClock clock) {
        this.vertx = vertx;
        this.clock = clock;
        this.request = request;
        this.out = request.response();
    }

    /** Answers in the app's place. */
    Future<Void> refuse(Refusal refusal) {
        out.setStatusCode(refusal.status());
        out.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
        addDate();
        return out.end("culvert: the app did not answer (" + refusal.label() + ")\n");
    }

    /**
     * Passes the app's answer on.
     *
     * @param body paused
     * @return fails when the answer was cut; the client can then tell
     */
    Future<Void> pass(AppExchange exchange, ReadStream<Buffer> body) {
        begin(exchange.answer(), exchange.isHttp10());
        Future<Void> piped = body.pipe().endOnSuccess(false).endOnFailure(false).to(out);
        vertx.getOrCreateContext().runOnContext(begun -> sendHeadFirst());
        return piped.compose(whole -> end(exchange)).onFailure(cut -> {
            exchange.abort();
            out.reset();
        });
    }

    private void begin(HttpResponse answer, boolean http10) {
        out.setStatusCode(answer.status().code());
        out.setStatusMessage(answer.status().reasonPhrase());
        UpstreamAnswer.ofPlain(answer, http10).forEach(field -> out.headers().add(field.getKey(), field.getValue()));
        addDate();
        int status = answer.status().code();
        boolean framed = out.headers().contains(HttpHeaders.CONTENT_LENGTH);
        boolean bodiless = status == 204 || status == 304 || request.method().equals(HttpMethod.HEAD);
        if (!framed && bodiless) {
            out.headersEndHandler(written -> out.headers().remove(HttpHeaders.CONTENT_LENGTH)); // the server sets one
        } else if (!framed && http10) {
            out.putHeader(HttpHeaders.CONNECTION, "close");
        } else if (!framed) {
            out.setChunked(true);
        }
        if (out.headers().contains(HttpHeaders.UPGRADE)) {
            out.headersEndHandler(written -> nominateUpgrade(out.headers()));
        }
    }

    /** RFC 9110 §6.6.1: a recipient with a clock MUST append Date to an answer that has none and is forwarded. */
    private void addDate() {
        if (!out.headers().contains(HttpHeaders.DATE)) {
            out.headers().add("Date", clock.date());
        }
    }

    /** RFC 9110 §7.8: a sender of Upgrade MUST also send an "upgrade" connection option. */
    private static void nominateUpgrade(MultiMap headers) {
        boolean close = headers.contains(HttpHeaders.CONNECTION);
        headers.set("Connection", close ? "Upgrade, close" : "Upgrade");
    }

    /** An app's stream may begin long before its first event: the client is to know. */
    private void sendHeadFirst() {
        if (out.headWritten() || out.ended() || out.closed()) {
            return;
        }
        if (out.isChunked() || out.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
            out.writeHead();
        } else {
            out.write(Buffer.buffer()); // until the close
        }
    }

    private Future<Void> end(AppExchange exchange) {
        exchange.answerTrailers().forEach(field -> out.trailers().add(field.getKey(), field.getValue()));
        return out.end();
    }
}
