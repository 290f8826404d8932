package dev.culvert.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A chat like many: it speaks WebSocket, and long polling with those who cannot. It knows nothing of Culvert, and it is as
 * strict as real apps are: a handshake that lost its {@code Upgrade} gets a 400. One event loop does it all.
 */
final class ChatApp {
    private static final int MOST_BYTES = 4096;

    /** How long a poll waits for a message. Also how long a poll may outlive its page behind a front that does not notice. */
    private static final long POLL_MILLIS = 10_000;

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final HttpServer server = vertx.createHttpServer(
                    new HttpServerOptions().setMaxWebSocketFrameSize(MOST_BYTES).setMaxWebSocketMessageSize(MOST_BYTES))
            .requestHandler(this::route);
    private final ChatHistory history = new ChatHistory();
    private final Handshakes handshakes = new Handshakes();
    private final Page page;

    /** Makes the event loop; binds nothing yet. */
    ChatApp(Page page) {
        this.page = page;
    }

    /** Binds on 127.0.0.1. The future fails when the port is taken. */
    Future<Void> listen(int port) {
        return server.listen(port, "127.0.0.1").mapEmpty();
    }

    /** The port that is bound, once it listens. */
    int port() {
        return server.actualPort();
    }

    /** Gives the port and the thread back. */
    Future<Void> stop() {
        return vertx.close();
    }

    private void route(HttpServerRequest request) {
        // The page comes from this app's own port and talks to the fronts' ports: other origins, to a browser.
        request.response().putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        try {
            switch (request.method() + " " + request.path()) {
                case "GET /chat" -> chat(request, Visitor.of(request));
                case "GET /poll" -> poll(request, Visitor.of(request));
                case "POST /send" -> send(request, Visitor.of(request));
                case "GET /seen" -> json(request, handshakes.of(Visitor.of(request)));
                default -> page.answer(request);
            }
        } catch (IllegalArgumentException e) {
            refuse(request, 400, "Not understood: " + e.getMessage());
        }
    }

    private void chat(HttpServerRequest request, Visitor visitor) {
        if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
            handshakes.record(visitor, request, 400);
            refuse(request, 400, "This is no WebSocket handshake: it has no \"Upgrade: websocket\".");
        } else if (!history.hasRoom()) {
            refuse(request, 503, "The chat is full.");
        } else {
            handshakes.record(visitor, request, 101);
            request.toWebSocket().onSuccess(socket -> join(socket, visitor));
        }
    }

    private void join(ServerWebSocket socket, Visitor visitor) {
        Consumer<ChatMessage> listener = message -> push(socket, message);
        history.since(0, visitor).forEach(listener);
        history.listen(visitor, listener);
        socket.closeHandler(closed -> history.leave(listener));
        socket.textMessageHandler(text -> {
            try {
                history.say(visitor, text);
            } catch (IllegalArgumentException e) {
                socket.close();
            }
        });
    }

    /** Who reads so slowly that messages pile up here has to come back later: memory stays bounded. */
    private static void push(ServerWebSocket socket, ChatMessage message) {
        if (socket.writeQueueFull()) {
            socket.close();
        } else {
            socket.writeTextMessage(message.toJson().encode());
        }
    }

    private void poll(HttpServerRequest request, Visitor visitor) {
        List<ChatMessage> missed = history.since(Long.parseLong(request.getParam("after", "0")), visitor);
        if (!missed.isEmpty()) {
            json(request, missed);
        } else if (!history.hasRoom()) {
            refuse(request, 503, "The chat is full.");
        } else {
            await(request, visitor);
        }
    }

    /** Answers once: with the next message, with nothing when the time is up, or not at all when the client has gone. */
    private void await(HttpServerRequest request, Visitor visitor) {
        AtomicBoolean answered = new AtomicBoolean();
        Consumer<ChatMessage> listener = message -> {
            if (answered.compareAndSet(false, true)) {
                json(request, List.of(message));
            }
        };
        history.listen(visitor, listener);
        long timer = vertx.setTimer(POLL_MILLIS, late -> {
            if (answered.compareAndSet(false, true)) {
                json(request, List.of());
            }
        });
        request.response().endHandler(ended -> forget(listener, timer));
        request.response().closeHandler(gone -> {
            answered.set(true);
            forget(listener, timer);
        });
    }

    private void forget(Consumer<ChatMessage> listener, long timer) {
        history.leave(listener);
        vertx.cancelTimer(timer);
    }

    private void send(HttpServerRequest request, Visitor visitor) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null || Long.parseLong(length) > MOST_BYTES) {
            refuse(request, 413, "Too long.");
            return;
        }
        request.body().onSuccess(body -> {
            try {
                history.say(visitor, body.toString());
                request.response().setStatusCode(204).end();
            } catch (IllegalArgumentException e) {
                refuse(request, 400, "Not understood: " + e.getMessage());
            }
        });
    }

    private static void json(HttpServerRequest request, List<ChatMessage> messages) {
        JsonArray array = new JsonArray();
        messages.forEach(message -> array.add(message.toJson()));
        json(request, array.encode());
    }

    private static void json(HttpServerRequest request, JsonObject object) {
        json(request, object.encode());
    }

    private static void json(HttpServerRequest request, String text) {
        request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(text);
    }

    private static void refuse(HttpServerRequest request, int status, String why) {
        request.response().setStatusCode(status).end(why + "\n");
    }
}
