package dev.culvert.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.listener.TrafficListener;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole application in the test's JVM: the wiring holds, and the probes answer from it. */
@QuarkusTest
@TestProfile(ProbesTest.NoApp.class)
class ProbesTest {
    /** Nobody listens on port 1. */
    public static class NoApp implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "culvert.listen.host", "127.0.0.1",
                    "culvert.listen.port", "0",
                    "culvert.upstream.port", "1",
                    "quarkus.http.host", "127.0.0.1",
                    "quarkus.http.test-port", "0");
        }
    }

    @Inject
    TrafficListener traffic;

    @TestHTTPResource("/q/health/")
    URI health;

    private String probe(String name) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(health.resolve(name)).build(), HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    @Test
    void startedAndLiveDoNotDependOnTheAppButReadyDoes() throws Exception {
        assertThat(traffic.port()).isPositive();
        assertThat(probe("started")).startsWith("200 ");
        assertThat(probe("live")).startsWith("200 ");
        assertThat(probe("ready")).startsWith("503 ").contains("\"upstream\": \"down\"");
    }
}
