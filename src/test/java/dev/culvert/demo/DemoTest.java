package dev.culvert.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the demo's page shows is true: asserted with another client than a browser. */
class DemoTest {
    private static final int SECONDS = 20;
    private static final int CONNECT_MILLIS = 2000;

    private final DemoClient client = new DemoClient();

    @Test
    void throughTheBareFrontAloneTheHandshakeIsRefusedAndPollingWorks() throws Exception {
        try (Demo demo = Demo.on(Ports.ANY)) {
            int front = demo.ports().straight();

            assertThatThrownBy(() -> client.open(front, new LinkedBlockingQueue<>()))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            refused -> assertThat(refused.getResponse().statusCode())
                                    .isEqualTo(400));
            assertThat(client.post(front, DemoClient.message("n1", "hello")).statusCode())
                    .isEqualTo(204);
            assertThat(new JsonArray(client.get(front, "poll").body())
                            .getJsonObject(0)
                            .getString("text"))
                    .isEqualTo("hello");
        }
    }

    @Test
    void throughCulvertTheWebSocketOpensAndAMessageComesBack() throws Exception {
        try (Demo demo = Demo.on(Ports.ANY)) {
            BlockingQueue<String> received = new LinkedBlockingQueue<>();
            WebSocket socket = client.open(demo.ports().through(), received);

            socket.sendText(DemoClient.message("n1", "hello"), true).join();

            JsonObject answer = new JsonObject(received.poll(SECONDS, TimeUnit.SECONDS));
            assertThat(answer.getString("text")).isEqualTo("hello");
            assertThat(answer.getString("nonce")).isEqualTo("n1");
            socket.abort();
        }
    }

    @Test
    void theAppTellsThatThePairIsLostOnOneWayAndRestoredOnTheOther() throws Exception {
        try (Demo demo = Demo.on(Ports.ANY)) {
            assertThatThrownBy(() -> client.open(demo.ports().straight(), new LinkedBlockingQueue<>()))
                    .isInstanceOf(CompletionException.class);
            JsonObject lost =
                    new JsonObject(client.get(demo.ports().straight(), "seen").body());
            client.open(demo.ports().through(), new LinkedBlockingQueue<>()).abort();
            JsonObject restored =
                    new JsonObject(client.get(demo.ports().through(), "seen").body());

            assertThat(lost.getInteger("status")).isEqualTo(400);
            assertThat(lost.getString("version")).isEqualTo("HTTP/1.0");
            assertThat(fields(lost)).contains("connection: close").noneMatch(field -> field.startsWith("upgrade:"));
            assertThat(restored.getInteger("status")).isEqualTo(101);
            assertThat(restored.getString("version")).isEqualTo("HTTP/1.1");
            assertThat(fields(restored)).contains("connection: upgrade", "upgrade: websocket");
        }
    }

    @Test
    void aPollWaitsForTheNextMessage() throws Exception {
        try (Demo demo = Demo.on(Ports.ANY)) {
            int front = demo.ports().straight();
            var waiting = client.getLater(front, "poll");

            client.post(front, DemoClient.message("n1", "here I am"));

            assertThat(waiting.get(SECONDS, TimeUnit.SECONDS).body()).contains("here I am");
        }
    }

    @Test
    void whatIsNoMessageIsRefused() throws Exception {
        try (Demo demo = Demo.on(Ports.ANY)) {
            int front = demo.ports().straight();

            assertThat(List.of(
                            "",
                            "[]",
                            "{\"beat\":7}",
                            DemoClient.message("n1", "x".repeat(301)),
                            DemoClient.message("n1", "x".repeat(5000))))
                    .extracting(body -> client.post(front, body).statusCode())
                    .containsExactly(400, 400, 400, 400, 413);
        }
    }

    @Test
    void thePageIsServedByTheAppAndMayReadFromTheFronts() throws Exception {
        try (Demo demo = Demo.on(Ports.ANY)) {
            HttpResponse<String> page = client.get(demo.ports().app(), "");
            JsonObject ports =
                    new JsonObject(client.get(demo.ports().app(), "ports").body());

            assertThat(page.body()).contains("Without Culvert", "With Culvert");
            assertThat(ports.getInteger("without")).isEqualTo(demo.ports().straight());
            assertThat(ports.getInteger("with")).isEqualTo(demo.ports().through());
            assertThat(client.get(demo.ports().through(), "seen").headers().allValues("Access-Control-Allow-Origin"))
                    .containsExactly("*");
        }
    }

    @Test
    void aTakenPortIsNamedAndNothingIsLeftRunning() throws Exception {
        int app = freePort();
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int taken = holder.getLocalPort();

            for (Ports ports : List.of(
                    new Ports(taken, 0, 0, 0),
                    new Ports(app, taken, 0, 0),
                    new Ports(app, 0, taken, 0),
                    new Ports(app, 0, 0, taken))) {
                assertThatThrownBy(() -> Demo.on(ports))
                        .isInstanceOf(PortTakenException.class)
                        .hasMessageContaining("Port " + taken + " ");
                assertThatThrownBy(() -> connect("127.0.0.1", app)).isInstanceOf(ConnectException.class);
            }
        }
    }

    /** 127.0.0.2 is this machine too, and reaches whatever listens on every address. */
    @Test
    void nothingListensBeyond127001() throws Exception {
        try (Demo demo = Demo.on(Ports.ANY)) {
            assertThat(all(demo.ports()))
                    .allSatisfy(port ->
                            assertThatThrownBy(() -> connect("127.0.0.2", port)).isInstanceOf(IOException.class));
        }
    }

    @Test
    void aClosedDemoListensNowhere() throws Exception {
        Demo demo = Demo.on(Ports.ANY);
        Ports ports = demo.ports();

        demo.close();

        assertThat(all(ports))
                .allSatisfy(port ->
                        assertThatThrownBy(() -> connect("127.0.0.1", port)).isInstanceOf(ConnectException.class));
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static List<Integer> all(Ports ports) {
        return List.of(ports.app(), ports.straight(), ports.through(), ports.culvert());
    }

    private static void connect(String host, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
        }
    }

    private static List<String> fields(JsonObject seen) {
        return seen.getJsonArray("fields").stream()
                .map(JsonArray.class::cast)
                .map(field -> (field.getString(0) + ": " + field.getString(1)).toLowerCase(java.util.Locale.ROOT))
                .toList();
    }
}
