package dev.culvert.upstream;

import dev.culvert.RefusedException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

/** Whoever waits for the answer of an {@link UpstreamExchange}: told of everything but its final head. Event loop only. */
public interface UpstreamClient {
    /** A 1xx that is not the last word. */
    void interim(HttpResponse answer);

    /** A piece of the final answer's body, reference counted; {@link LastHttpContent} ends it. */
    void body(HttpContent content);

    /** No more comes, inside of the final answer's body or while a switch still waits for the request's end. */
    void truncated(RefusedException why);

    /** The app takes bytes again, or takes no more for now. */
    void appWritable(boolean writable);
}
