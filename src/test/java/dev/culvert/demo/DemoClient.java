package dev.culvert.demo;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the page's script is to the demo, without a browser. Always the same visitor, on 127.0.0.1. */
final class DemoClient {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static String message(String nonce, String text) {
        return new JsonObject().put("nonce", nonce).put("text", text).encode();
    }

    private static URI address(String scheme, int port, String path) {
        return URI.create(scheme + "://127.0.0.1:" + port + "/" + path + "?room=test&client=me");
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(address("http", port, path));
    }

    HttpResponse<String> get(int port, String path) {
        return getLater(port, path).join();
    }

    /** For polls, which are answered when somebody speaks. */
    CompletableFuture<HttpResponse<String>> getLater(int port, String path) {
        return client.sendAsync(request(port, path).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(int port, String body) {
        HttpRequest request = request(port, "send")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString()).join();
    }

    /** @param received takes every message */
    WebSocket open(int port, BlockingQueue<String> received) {
        return client.newWebSocketBuilder()
                .buildAsync(address("ws", port, "chat"), new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                        received.add(text.toString());
                        socket.request(1);
                        return null;
                    }
                })
                .join();
    }
}
