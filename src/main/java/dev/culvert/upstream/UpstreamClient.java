package dev.culvert.upstream;

import dev.culvert.RefusedException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

/** Whoever waits for the answer of an {@link UpstreamExchange}: told of all of it. Event loop only. */
public interface UpstreamClient {
    /** A 1xx that is not the last word. */
    void interim(HttpResponse answer);

    /** The final head: a 101, or any other. */
    void answered(HttpResponse answer);

    /** A piece of the final answer's body, reference counted; {@link LastHttpContent} ends it. */
    void body(HttpContent content);

    /** The connection is given up: no answer comes, or no more of it, though a switch may still wait for the request's end. */
    void failed(RefusedException why);

    /** The app takes bytes again, or takes no more for now. */
    void appWritable(boolean writable);
}
