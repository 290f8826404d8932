package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The packaged process: its command line, its probes, its log, its end. */
class ProcessIT {
    private static ProcessCulvert start(Map<String, String> settings, String... arguments) {
        return new ProcessCulvert(Packaging.current().command(), settings, arguments);
    }

    private static String probe(ProcessCulvert culvert, String name) {
        URI uri = URI.create("http://127.0.0.1:" + culvert.adminPort() + "/q/health/" + name);
        try {
            return HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode()
                    + "";
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void checkPrintsTheSettingsInForce() {
        try (ProcessCulvert culvert = start(Map.of("culvert.listen.port", "4711"), "check")) {
            assertThat(culvert.exitCode()).isZero();
            assertThat(culvert.log()).contains("culvert.listen.port=4711", "culvert.tunnel.buffer=64K");
        }
    }

    @Test
    void aWrongSettingStopsTheStartWithOneLine() {
        try (ProcessCulvert culvert = start(Map.of("culvert.listen.port", "tcp://10.0.0.1:80"))) {
            assertThat(culvert.exitCode()).isEqualTo(2);
            assertThat(culvert.log())
                    .containsExactly(
                            "culvert: error: culvert.listen.port=tcp://10.0.0.1:80: expected a port number, 0 to 65535");
        }
    }

    @Test
    void anAppThatCannotBeLookedUpStopsTheStartWithOneLine() {
        try (ProcessCulvert culvert = start(Map.of("culvert.upstream.url", "http://nowhere.invalid:80"))) {
            assertThat(culvert.exitCode()).isEqualTo(2);
            assertThat(culvert.log())
                    .containsExactly(
                            "culvert: error: culvert.upstream.url=http://nowhere.invalid:80: expected a host that"
                                    + " can be looked up");
        }
    }

    @Test
    void anUnknownVariableIsWarnedAbout() {
        try (ProcessCulvert culvert = start(Map.of("culvert.upgrade.restor", "off"), "check")) {
            assertThat(culvert.exitCode()).isZero();
            assertThat(culvert.log().get(0))
                    .contains("CULVERT_UPGRADE_RESTOR", "did you mean CULVERT_UPGRADE_RESTORE?");
        }
    }

    @Test
    void anUnknownCommandIsRefused() {
        try (ProcessCulvert culvert = start(Map.of(), "chekc")) {
            assertThat(culvert.exitCode()).isEqualTo(2);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "culvert.packaging", matches = "native", disabledReason = "a JVM keeps its pages")
    void whatOnlyTheStartNeededDoesNotStayResident() throws IOException {
        long binary = Files.size(Path.of(Packaging.current().command().get(0)));
        try (ProcessCulvert culvert = start(Map.of())) {
            assertThat(probe(culvert, "started")).isEqualTo("200");

            Await.until("most of the binary is not resident", () -> culvert.memory() < binary / 2);

            assertThat(probe(culvert, "live")).isEqualTo("200");
        }
    }

    @Test
    void aPortThatIsTakenStopsTheStart() {
        try (App taken = new App();
                ProcessCulvert culvert = start(Map.of(
                        "culvert.listen.host", "127.0.0.1",
                        "culvert.listen.port", Integer.toString(taken.port()),
                        "culvert.admin.port", "0"))) {
            assertThat(culvert.exitCode()).isNotZero();
            assertThat(culvert.log()).noneMatch(line -> line.startsWith("\tat "));
            assertThat(culvert.log())
                    .anyMatch(line ->
                            line.contains("culvert.listen.port=" + taken.port() + ": expected a port that is free"));
        }
    }

    @Test
    void probesSpeakOfTheProcessAndReadinessOfTheApp() {
        App app = new App();
        try (ProcessCulvert culvert = (ProcessCulvert) Culvert.start(app.port())) {
            assertThat(probe(culvert, "started")).isEqualTo("200");
            assertThat(probe(culvert, "live")).isEqualTo("200");
            assertThat(probe(culvert, "ready")).isEqualTo("200");

            app.close();

            Await.until("readiness follows", () -> probe(culvert, "ready").equals("503"));
            assertThat(probe(culvert, "started")).isEqualTo("200");
            assertThat(probe(culvert, "live")).isEqualTo("200");
        }
    }

    @Test
    void deepReadinessAsksTheAppForAWebSocketAndClosesIt() {
        try (App app = new App();
                ProcessCulvert culvert = (ProcessCulvert) Culvert.start(app.port(), "health.upgrade-path=/live?x=1")) {
            CompletableFuture<String> ready = Background.supply(() -> probe(culvert, "ready"));
            try (Wire behind = app.accept()) {
                String head = behind.readHead();
                assertThat(head).startsWith("GET /live?x=1 HTTP/1.1\r\n").contains("\r\nUpgrade: websocket\r\n");
                behind.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Accept: " + accept(head) + "\r\n\r\n");

                assertThat(behind.readAll()).isEqualTo("\u0088\u0082\0\0\0\0\u0003\u00e8"); // 1000
            }
            assertThat(ready.join()).isEqualTo("200");
        }
    }

    @Test
    void deepReadinessFailsWhereTheAppDoesNotSwitch() {
        try (App app = new App();
                ProcessCulvert culvert = (ProcessCulvert) Culvert.start(app.port(), "health.upgrade-path=/ws")) {
            CompletableFuture<String> ready = Background.supply(() -> probe(culvert, "ready"));
            try (Wire behind = app.accept()) {
                behind.readHead();
                behind.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                assertThat(ready.join()).isEqualTo("503");
            }
        }
    }

    /** RFC 6455 §4.2.2: of the key in a request's head. */
    private static String accept(String head) {
        Matcher key = Pattern.compile("Sec-WebSocket-Key: (\\S+)").matcher(head);
        assertThat(key.find()).isTrue();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                            .getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void linesAreObjectsWhereJsonIsAskedFor() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port(), "log.format=json");
                Wire client = Wire.connect(culvert.port())) {
            client.send("GET /\u0007 HTTP/1.1\r\n\r\n");
            client.readAll();

            Await.until(
                    "the refusal as an object",
                    () -> culvert.log().stream()
                            .anyMatch(line -> line.startsWith("{") && line.contains("\"reason\":\"bad_syntax\"")));
        }
    }

    /** A tunnel that stands; its ends are closed by the test. */
    private static Wire[] tunnel(Culvert culvert, App app) {
        Wire client = Wire.connect(culvert.port()).send(UpgradeJourney.CHAT);
        Wire behind = app.accept();
        behind.readHead();
        behind.send(UpgradeJourney.CHAT_101);
        client.readHead();
        return new Wire[] {client, behind};
    }

    @Test
    void terminationDrainsAndEndsTheProcess() {
        try (App app = new App();
                ProcessCulvert culvert = (ProcessCulvert) Culvert.start(app.port(), "drain.period=3s")) {
            Wire[] ends = tunnel(culvert, app);

            culvert.terminate();

            assertThat(ends[0].readAll()).isEmpty();
            ends[0].finish();
            assertThat(ends[1].readAll()).isEmpty();
            ends[1].finish();
            assertThat(culvert.exitCode()).isZero();
            assertThat(culvert.log())
                    .anyMatch(line -> line.contains("tunnel.closed") && line.contains("reason=drained"))
                    .anyMatch(line -> line.contains("nothing is left"));
        }
    }

    @Test
    void terminationAsSoonAsThereIsTrafficDrainsToo() {
        try (App app = new App();
                ProcessCulvert culvert = (ProcessCulvert) Culvert.start(app.port(), "drain.period=1s")) {
            culvert.port();

            culvert.terminate();

            assertThat(culvert.exitCode()).isZero();
            assertThat(culvert.log()).anyMatch(line -> line.contains("nothing is left"));
        }
    }

    @Test
    void terminationDuringADrainSaysThatTheAppIsGone() {
        try (App app = new App();
                ProcessCulvert culvert = (ProcessCulvert) Culvert.start(app.port(), "drain.period=10m")) {
            Wire[] ends = tunnel(culvert, app);
            culvert.drain();

            culvert.terminate();

            assertThat(ends[0].ending()).isEqualTo("end");
            assertThat(culvert.exitCode()).isZero();
        }
    }

    @Test
    void aSecondTerminationDoesNotWait() {
        try (App app = new App();
                ProcessCulvert culvert = (ProcessCulvert) Culvert.start(app.port(), "drain.period=10m")) {
            tunnel(culvert, app);
            culvert.terminate();
            Await.until("the drain", () -> culvert.log().stream().anyMatch(line -> line.contains("Drain: begun")));

            culvert.terminate();

            assertThat(culvert.exitCode()).isZero();
        }
    }

    @Test
    void drainWaitsUntilTheCulvertBesideItHasDrainedAndLeavesItRunning() {
        try (App app = new App();
                ProcessCulvert culvert = (ProcessCulvert) Culvert.start(app.port(), "drain.period=1s")) {
            Wire[] ends = tunnel(culvert, app);
            String admin = Integer.toString(culvert.adminPort());

            try (ProcessCulvert drain = start(Map.of("culvert.admin.port", admin), "drain")) {
                assertThat(drain.exitCode()).isZero();
            }

            assertThat(culvert.log()).anyMatch(line -> line.contains("Drain: ended"));
            assertThat(ends[0].ending()).isEqualTo("end");
            assertThat(probe(culvert, "ready")).isEqualTo("503");
            assertThat(probe(culvert, "live")).isEqualTo("200");
        }
    }

    @Test
    void drainWithoutACulvertBesideItFails() {
        try (ProcessCulvert drain = start(Map.of("culvert.admin.port", "1"), "drain")) {
            assertThat(drain.exitCode()).isEqualTo(1);
            assertThat(drain.log())
                    .singleElement()
                    .asString()
                    .contains("no Culvert can be reached on http://127.0.0.1:1");
        }
    }
}
