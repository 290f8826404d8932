package dev.culvert.plain;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.handshake.UpstreamAnswer;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import java.time.InstantSource;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What the library leaves open: answers that are none, faults with their side, and the answer as the client gets it. */
final class PlainInterceptor implements ProxyInterceptor {
    private static final String AGAIN = "dev.culvert.again";
    private static final String REFUSAL = "dev.culvert.refusal";

    private static final Logger LOG = Logger.getLogger(PlainInterceptor.class);

    private final Vertx vertx;
    private final DateClock clock = new DateClock(InstantSource.system());

    PlainInterceptor(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        return context.sendRequest()
                .recover(fault -> sendAgain(context, fault))
                .map(answer -> checked(exchange(context).orElseThrow(), answer))
                .recover(fault -> Future.succeededFuture(unavailable(context, fault)));
    }

    /** At most once, and on a connection that nobody can be closing yet: RFC 9110 §9.2.2. */
    private static Future<ProxyResponse> sendAgain(ProxyContext context, Throwable fault) {
        if (isSentAgain(context)
                || !exchange(context).map(AppExchange::mayBeSentAgain).orElse(false)) {
            return Future.failedFuture(fault);
        }
        context.set(AGAIN, true);
        context.request().setBody(null);
        return context.sendRequest();
    }

    /** Whether the request was sent before, on a connection that ended without a byte of an answer. */
    static boolean isSentAgain(ProxyContext context) {
        return context.get(AGAIN, Boolean.class) != null;
    }

    private static Optional<AppExchange> exchange(ProxyContext context) {
        return Optional.ofNullable(context.get(AppExchange.NAME, AppExchange.class));
    }

    /**
     * RFC 9110 §15, §15.2.2, RFC 9112 §4, §6.1: a final status of three digits, a reason without control bytes, and a length
     * that can be read in one way.
     */
    private static ProxyResponse checked(AppExchange exchange, ProxyResponse answer) {
        int status = answer.getStatusCode();
        if (status < 200 || status > 999 || !UpstreamAnswer.isReason(answer.getStatusMessage())) {
            throw new RefusedException(Refusal.UPSTREAM_ANSWER, "the app's answer is none to this request");
        }
        UpstreamAnswer.requireClearLength(exchange.answer());
        return answer;
    }

    private static ProxyResponse unavailable(ProxyContext context, Throwable fault) {
        Refusal refusal = refusal(fault);
        exchange(context).ifPresent(AppExchange::abort);
        if (!context.request().proxiedRequest().response().closed()) {
            LOG.warnf("A plain request failed: reason=%s cause=%s", refusal.label(), fault.getMessage());
        }
        context.set(REFUSAL, refusal);
        return context.request().release().response();
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
        HttpServerRequest request = context.request().proxiedRequest();
        Refusal refusal = context.get(REFUSAL, Refusal.class);
        PlainAnswer answer = new PlainAnswer(vertx, request, clock);
        return refusal == null
                ? answer.pass(exchange(context).orElseThrow(), context.response().getBody().stream())
                : answer.refuse(refusal);
    }
}
