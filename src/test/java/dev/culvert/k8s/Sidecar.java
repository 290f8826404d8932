package dev.culvert.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.Settings;
import dev.culvert.config.SettingsCheck;
import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.spi.Converter;
import tools.jackson.databind.JsonNode;

/**
 * The culvert container of a pod, and what must be so wherever it stands.
 *
 * @param pod a Pod, or the template of a workload
 * @param container the container itself
 * @param isNative whether it is a native sidecar, else a container like the app's
 */
record Sidecar(JsonNode pod, JsonNode container, boolean isNative) {
    private static final int DEFAULT_GRACE_SECONDS = 30;

    /** Finds the one culvert container; that there is none, or a second one, is a failure of the test. */
    static Sidecar of(JsonNode podOrWorkload) {
        JsonNode template = podOrWorkload.path("spec").path("template");
        JsonNode pod = template.isMissingNode() ? podOrWorkload : template;
        var sidecars = named(pod.path("spec").path("initContainers")).toList();
        var plain = named(pod.path("spec").path("containers")).toList();
        assertThat(Stream.concat(sidecars.stream(), plain.stream()))
                .as(pod.toString())
                .hasSize(1);
        return sidecars.isEmpty() ? new Sidecar(pod, plain.get(0), false) : new Sidecar(pod, sidecars.get(0), true);
    }

    private static Stream<JsonNode> named(JsonNode containers) {
        return StreamSupport.stream(containers.spliterator(), false)
                .filter(container -> container.path("name").asString().equals("culvert"));
    }

    /** Every variable with its value; what the downward API fills in is the pod's annotation, or empty. */
    Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode variable : container.path("env")) {
            String path = variable.path("valueFrom")
                    .path("fieldRef")
                    .path("fieldPath")
                    .asString("");
            String annotation = path.replaceAll("^metadata\\.annotations\\['(.*)']$", "$1");
            environment.put(
                    variable.path("name").asString(),
                    path.isEmpty()
                            ? variable.path("value").asString()
                            : pod.path("metadata")
                                    .path("annotations")
                                    .path(annotation)
                                    .asString(""));
        }
        return environment;
    }

    /** The settings in force, as Culvert itself reads that environment. */
    Map<String, String> settings() {
        SettingsCheck check = SettingsCheck.of(environment(), Map.of());
        assertThat(check.errors()).isEmpty();
        assertThat(check.warnings()).isEmpty();
        return check.effective();
    }

    /** Holds what every copy of the container must have, whoever put it in. */
    void isSound() {
        Map<String, String> settings = settings();
        assertThat(port("culvert")).isEqualTo(settings.get("culvert.listen.port"));
        assertThat(port("culvert-admin")).isEqualTo(settings.get("culvert.admin.port"));
        assertThat(Map.of(
                        "startupProbe", probe("startupProbe"),
                        "livenessProbe", probe("livenessProbe"),
                        "readinessProbe", probe("readinessProbe")))
                .isEqualTo(Map.of(
                        "startupProbe", "/q/health/started on culvert-admin",
                        "livenessProbe", "/q/health/live on culvert-admin",
                        "readinessProbe", "/q/health/ready on culvert-admin"));
        assertThat(container.at("/lifecycle/preStop/exec/command").toString()).isEqualTo("[\"/culvert\",\"drain\"]");
        assertThat(container.path("restartPolicy").asString("")).isEqualTo(isNative ? "Always" : "");
        drainsWithinTheGracePeriod(settings);
        namesEveryPort();
        isRestricted();
    }

    private void drainsWithinTheGracePeriod(Map<String, String> settings) {
        int grace = pod.path("spec").path("terminationGracePeriodSeconds").asInt(DEFAULT_GRACE_SECONDS);
        Converter<Duration> reader = new DurationConverter();
        assertThat(reader.convert(settings.get("culvert.drain.period"))).isLessThan(Duration.ofSeconds(grace));
    }

    /** A Service whose name makes one of Culvert's variables, culvert-admin for one, would set it to {@code tcp://…}. */
    private void namesEveryPort() {
        assertThat(environment().keySet())
                .containsAll(Settings.KEYS.stream()
                        .map(key -> key.replaceAll("[^a-z0-9]", "_").toUpperCase(Locale.ROOT))
                        .filter(variable -> variable.endsWith("_PORT"))
                        .toList());
    }

    /** What Pod Security calls restricted, and no root file system that can be written to. */
    private void isRestricted() {
        JsonNode security = container.path("securityContext");
        assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(security.path("capabilities").toString()).isEqualTo("{\"drop\":[\"ALL\"]}");
        assertThat(security.at("/seccompProfile/type").asString()).isEqualTo("RuntimeDefault");
    }

    private String port(String name) {
        return StreamSupport.stream(container.path("ports").spliterator(), false)
                .filter(port -> port.path("name").asString().equals(name))
                .map(port -> port.path("containerPort").asString())
                .findFirst()
                .orElseThrow();
    }

    private String probe(String name) {
        JsonNode request = container.path(name).path("httpGet");
        return request.path("path").asString() + " on " + request.path("port").asString();
    }
}
