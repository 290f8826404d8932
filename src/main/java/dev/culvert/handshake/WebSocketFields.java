package dev.culvert.handshake;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What RFC 6455 §4 says of a handshake's fields. */
final class WebSocketFields {
    static final String PROTOCOL = "websocket";

    private static final String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** Looking an algorithm up costs more than its use. */
    private static final ThreadLocal<MessageDigest> SHA1 = ThreadLocal.withInitial(WebSocketFields::sha1);

    private WebSocketFields() {}

    /** The key, if there is exactly one and it is 16 bytes in base64: RFC 6455 §4.1. */
    static Optional<String> key(HttpHeaders headers) {
        List<String> keys = FieldList.lines(headers, HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (keys.size() != 1 || keys.get(0).length() != 24) {
            return Optional.empty();
        }
        try {
            return Base64.getDecoder().decode(keys.get(0)).length == 16 ? Optional.of(keys.get(0)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What the server must answer to a key: RFC 6455 §4.2.2. SHA-1 is no secret here, only a proof of understanding. */
    static String accept(String key) {
        byte[] digest = SHA1.get().digest((key + ACCEPT_GUID).getBytes(StandardCharsets.ISO_8859_1));
        return Base64.getEncoder().encodeToString(digest);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
