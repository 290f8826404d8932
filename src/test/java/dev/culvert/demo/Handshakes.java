package dev.culvert.demo;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The handshakes as the app received them. A browser does not tell a page why its WebSocket failed, so the page asks here.
 * Belongs to the app's one event loop.
 */
final class Handshakes {
    private static final int KEPT = 50;

    private final Map<Visitor, JsonObject> seen = new LinkedHashMap<>();

    /** @param status what the app answers */
    void record(Visitor visitor, HttpServerRequest handshake, int status) {
        JsonArray fields = new JsonArray();
        handshake
                .headers()
                .forEach((name, value) -> fields.add(new JsonArray().add(name).add(value)));
        seen.remove(visitor);
        seen.put(
                visitor,
                new JsonObject()
                        .put("status", status)
                        .put("version", handshake.version() == HttpVersion.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1")
                        .put("fields", fields));
        if (seen.size() > KEPT) {
            seen.remove(seen.keySet().iterator().next());
        }
    }

    /** The last handshake of that visitor; empty where there was none. */
    JsonObject of(Visitor visitor) {
        return seen.getOrDefault(visitor, new JsonObject());
    }
}
