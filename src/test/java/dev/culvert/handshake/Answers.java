package dev.culvert.handshake;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** Heads of the app's. */
final class Answers {
    /** To the key of RFC 6455 §1.3. */
    static final String ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private Answers() {}

    /** @param fields with {@code |} between them, {@code ACCEPT} among them for {@link #ACCEPT} */
    static HttpResponse of(int status, String fields) {
        HttpResponse answer = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        for (String field : fields.replace("ACCEPT", ACCEPT).split("\\|", -1)) {
            answer.headers()
                    .add(
                            field.substring(0, field.indexOf(':')).strip(),
                            field.substring(field.indexOf(':') + 1).strip());
        }
        return answer;
    }
}
