package dev.culvert.plain;

import dev.culvert.handshake.UpstreamAnswer;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the app, below the HTTP client of Vert.x: carries what that client or vertx-http-proxy has no room for.
 * Interim answers go straight to the client; the final answer's fields are kept as they came, and the library is shown
 * those alone that it needs; trailers are kept, and put behind the request. Event loop only: the client's, too.
 */
final class AppConnection extends ChannelDuplexHandler {
    /**
     * What Vert.x must see to read the body and to keep the connection. The proxy fails on others, such as an Expires of 0
     * beside a public Cache-Control, though it only looks at them.
     */
    private static final List<AsciiString> FRAMING =
            List.of(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderNames.CONNECTION);

    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");

    /** Seconds that are less than ours; Vert.x would keep a connection for longer, too, and for ever with 0. */
    private static final Pattern SHORTER = Pattern.compile(
            "(?i)(?:.*,)?\\s*timeout\\s*=\\s*0*([1-" + (AppPool.KEEP_ALIVE_SECONDS - 1) + "])\\s*(?:,.*)?");

    private final Runnable whenClosed;
    private @Nullable ChannelHandlerContext context;
    private @Nullable AppExchange exchange;
    private boolean interim;
    private boolean requestWhole;
    private boolean answerWhole;
    private boolean used;

    /** @param whenClosed told of the connection's end */
    AppConnection(Runnable whenClosed) {
        this.whenClosed = whenClosed;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /**
     * The next exchange on this connection begins.
     *
     * @return whether there was another one before
     */
    boolean begin(AppExchange next) {
        boolean kept = used;
        used = true;
        exchange = next;
        requestWhole = false;
        answerWhole = false;
        return kept;
    }

    /** Closes the connection if this exchange is still under way on it. */
    void abort(AppExchange given) {
        if (exchange == given) {
            exchange = null;
            close();
        }
    }

    /**
     * Closes the connection at once: Vert.x' own close waits until all is written, which an app that does not read puts off
     * for ever.
     */
    void close() {
        if (context != null) {
            context.close();
        }
    }

    /** Whether no exchange is under way. */
    boolean isIdle() {
        return exchange == null;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        whenClosed.run();
        ctx.fireChannelInactive();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof LastHttpContent last)) {
            ctx.write(message, promise);
            return;
        }
        AppExchange current = exchange;
        HttpHeaders trailers = current == null ? last.trailingHeaders() : current.requestTrailers();
        if (trailers.isEmpty()) {
            ctx.write(message, promise);
        } else {
            if (message instanceof HttpRequest head) { // a whole request in one
                ctx.write(new DefaultHttpRequest(head.protocolVersion(), head.method(), head.uri(), head.headers()));
            }
            DefaultLastHttpContent end = new DefaultLastHttpContent(last.content());
            end.trailingHeaders().add(trailers);
            ctx.write(end, promise);
        }
        requestWhole = true;
        endWhenWhole();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        AppExchange current = exchange;
        if (current != null) {
            current.heard();
        }
        if (message instanceof HttpResponse head && isInterim(head)) {
            interim = true;
            if (current != null) {
                current.interim(head);
            }
        }
        if (interim) {
            interim = !(message instanceof LastHttpContent);
            ReferenceCountUtil.release(message);
        } else if (current == null || !(message instanceof HttpContent || message instanceof HttpResponse)) {
            ctx.fireChannelRead(message);
        } else {
            answer(ctx, current, message);
        }
    }

    private static boolean isInterim(HttpResponse head) {
        return head.decoderResult().isSuccess()
                && head.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && UpstreamAnswer.isReason(head.status().reasonPhrase()) // else it is the last word, and a wrong one
                && !head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    }

    private void answer(ChannelHandlerContext ctx, AppExchange current, Object message) {
        if (message instanceof HttpResponse head && head.decoderResult().isSuccess()) {
            current.answered(head);
            ctx.fireChannelRead(framing(head));
            return;
        }
        if (message instanceof LastHttpContent last) {
            current.answerEnded(last.trailingHeaders());
            answerWhole = true;
            endWhenWhole();
        }
        ctx.fireChannelRead(message);
    }

    private static HttpResponse framing(HttpResponse head) {
        HttpResponse shown = new DefaultHttpResponse(head.protocolVersion(), head.status());
        for (AsciiString name : FRAMING) {
            if (head.headers().contains(name)) {
                shown.headers().add(name, head.headers().getAll(name));
            }
        }
        String keepAlive = head.headers().get(KEEP_ALIVE);
        if (keepAlive != null && SHORTER.matcher(keepAlive).matches()) {
            shown.headers().set(KEEP_ALIVE, keepAlive);
        }
        return shown;
    }

    private void endWhenWhole() {
        if (requestWhole && answerWhole) {
            exchange = null;
        }
    }
}
