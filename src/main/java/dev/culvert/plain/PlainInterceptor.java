package dev.culvert.plain;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.handshake.HopByHop;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import org.jboss.logging.Logger;

/** What the library leaves open: nominated fields of answers, faults with their side, and HTTP/1.0 clients. */
final class PlainInterceptor implements ProxyInterceptor {
    /** Where the context keeps the request to the app. */
    static final String APP_REQUEST = "dev.culvert.app-request";

    private static final Logger LOG = Logger.getLogger(PlainInterceptor.class);

    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        if ("100-continue".equalsIgnoreCase(context.request().headers().get(HttpHeaders.EXPECT))) {
            context.request().headers().remove(HttpHeaders.EXPECT); // the HTTP server in front has answered it
        }
        return context.sendRequest()
                .map(answer -> checked(context, answer))
                .recover(fault -> Future.succeededFuture(unavailable(context, fault)));
    }

    /** RFC 9110 §15, §15.2.2, RFC 9112 §6.1: a final status of three digits, and no coding that the client could not undo. */
    private static ProxyResponse checked(ProxyContext context, ProxyResponse answer) {
        String coding = answer.headers().get(HttpHeaders.TRANSFER_ENCODING);
        boolean chunked = "chunked".equalsIgnoreCase(coding);
        int status = answer.getStatusCode();
        if (status < 200 || status > 999 || (coding != null && !chunked)) {
            context.get(APP_REQUEST, HttpClientRequest.class).reset();
            throw new RefusedException(Refusal.UPSTREAM_ANSWER, "the app's answer is none to this request");
        }
        if (chunked) {
            answer.headers().set(HttpHeaders.TRANSFER_ENCODING, "chunked"); // the library knows no other letter case
        }
        return answer;
    }

    private static ProxyResponse unavailable(ProxyContext context, Throwable fault) {
        Refusal refusal = refusal(fault);
        if (!context.request().proxiedRequest().response().closed()) {
            LOG.warnf("A plain request failed: reason=%s cause=%s", refusal.label(), fault.getMessage());
        }
        ProxyResponse response = context.request().release().response();
        response.headers().set(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
        return response.setStatusCode(refusal.status())
                .setBody(Body.body(Buffer.buffer("culvert: the app did not answer (" + refusal.label() + ")\n")));
    }

    private static Refusal refusal(Throwable fault) {
        if (fault instanceof RefusedException refused) {
            return refused.refusal();
        }
        if (fault instanceof ConnectTimeoutException) {
            return Refusal.UPSTREAM_CONNECT_TIMEOUT;
        }
        return fault instanceof java.net.ConnectException ? Refusal.UPSTREAM_REFUSED : Refusal.UPSTREAM_CLOSED;
    }

    @Override
    public Future<Void> handleProxyResponse(ProxyContext context) {
        ProxyResponse response = context.response();
        MultiMap headers = response.headers();
        HopByHop.names(headers.getAll(HttpHeaders.CONNECTION)).forEach(headers::remove);
        Body body = response.getBody();
        boolean http10 = context.request().version() == HttpVersion.HTTP_1_0;
        return http10 && body != null && body.length() < 0 ? untilClose(context, body) : context.sendResponse();
    }

    /**
     * To an HTTP/1.0 client, such as the bare nginx that Culvert exists for, a body of unknown length lasts until the close.
     * The library would collect it whole in memory first, and a stream of events would never arrive.
     */
    private static Future<Void> untilClose(ProxyContext context, Body body) {
        HttpServerResponse out = context.request().proxiedRequest().response();
        ProxyResponse response = context.response();
        out.setStatusCode(response.getStatusCode());
        if (response.getStatusMessage() != null) {
            out.setStatusMessage(response.getStatusMessage());
        }
        response.headers().remove(HttpHeaders.TRANSFER_ENCODING);
        out.headers().addAll(response.headers());
        out.putHeader(HttpHeaders.CONNECTION, "close");
        return body.stream().pipe().endOnFailure(false).to(out).onFailure(cut -> out.reset());
    }
}
