package dev.culvert.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.config.SettingsCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The files in {@code k8s/}: nothing that the API does not know, and one word where there are several copies. */
class ManifestsTest {
    private static List<JsonNode> documents() throws Exception {
        List<JsonNode> documents = new ArrayList<>();
        for (Path file : Manifests.files()) {
            documents.addAll(Manifests.read(file));
        }
        return documents;
    }

    private static List<JsonNode> ofKind(String kind) throws Exception {
        return documents().stream()
                .filter(document -> document.path("kind").asString("").equals(kind))
                .toList();
    }

    private static JsonNode sidecar() throws Exception {
        return Manifests.read(Manifests.HOME.resolve("sidecar/sidecar.yaml"), "Deployment")
                .at("/spec/template/spec/initContainers/0");
    }

    @Test
    void theApiKnowsEveryField() throws Exception {
        List<JsonNode> objects = documents().stream()
                .filter(document -> document.isObject()
                        && !document.path("apiVersion").asString("").startsWith("kustomize."))
                .toList();

        assertThat(objects).hasSizeGreaterThan(10).allSatisfy(Manifests::strict);
    }

    @Test
    void aFieldThatTheApiDoesNotKnowIsSeenAtAnyDepth() throws Exception {
        ObjectNode workload = (ObjectNode) Manifests.read(Manifests.HOME.resolve("sidecar/sidecar.yaml"), "Deployment");
        ((ObjectNode) workload.at("/spec/template/spec/initContainers/0/startupProbe/httpGet")).put("pth", "/");

        assertThatThrownBy(() -> Manifests.strict(workload)).hasMessageContaining("pth");
    }

    @Test
    void thePlainContainerIsTheSidecarWithoutItsRestartPolicy() throws Exception {
        JsonNode plain = Manifests.read(Manifests.HOME.resolve("plain/container.yaml"))
                .get(0)
                .get(1)
                .path("value");
        ObjectNode expected = (ObjectNode) sidecar();

        assertThat(expected.remove("restartPolicy").asString()).isEqualTo("Always");
        assertThat(plain).isEqualTo(expected);
    }

    @Test
    void thePolicyPutsInWhatTheComponentDoesApartFromTheEnvironment() throws Exception {
        // Given
        PolicyFolder policy = PolicyFolder.read();
        JsonNode pod = Manifests.read(Path.of("src/test/resources/k8s/policy/bare.pod.yaml"), "Pod");

        // When
        JsonNode injected = policy.injection().mutated(pod, policy.defaults());

        // Then
        Map<?, ?> expected = plain(sidecar());
        Map<?, ?> container = plain(injected.at("/spec/initContainers/0"));
        assertThat(container.keySet()).isEqualTo(expected.keySet());
        assertThat(container).usingRecursiveComparison().ignoringFields("env").isEqualTo(expected);
    }

    private static Map<?, ?> plain(JsonNode container) {
        ObjectNode copy = container.deepCopy().asObject();
        copy.remove("env");
        return Manifests.JSON.convertValue(Manifests.JSON.readTree(copy.toString()), Map.class);
    }

    @Test
    void everyBindingHasItsPolicyAndItsParameters() throws Exception {
        List<String> policies = new ArrayList<>();
        List<String> bound = new ArrayList<>();
        for (String kind : List.of("MutatingAdmissionPolicy", "ValidatingAdmissionPolicy")) {
            ofKind(kind)
                    .forEach(policy -> policies.add(
                            kind + " " + policy.at("/metadata/name").asString()));
            ofKind(kind + "Binding")
                    .forEach(binding -> bound.add(
                            kind + " " + binding.at("/spec/policyName").asString()));
        }
        JsonNode parameters = ofKind("MutatingAdmissionPolicyBinding").get(0).at("/spec/paramRef");

        assertThat(bound).hasSize(3).containsExactlyInAnyOrderElementsOf(policies);
        assertThat(PolicyFolder.read().defaults().path("metadata").path("name")).isEqualTo(parameters.path("name"));
        assertThat(PolicyFolder.read().defaults().path("metadata").path("namespace"))
                .isEqualTo(parameters.path("namespace"));
    }

    @Test
    void oneImageIsNamedEverywhere() throws Exception {
        Pattern image = Pattern.compile("image: (registry\\.example/culvert\\S*)");
        List<String> images = new ArrayList<>();
        for (Path file : Manifests.files()) {
            image.matcher(Files.readString(file)).results().forEach(found -> images.add(found.group(1)));
        }

        assertThat(images).hasSize(3).containsOnly(images.get(0));
    }

    @Test
    void whatTheExampleSetsForItsNamespaceAreSettings() throws Exception {
        JsonNode data = Manifests.read(Manifests.HOME.resolve("example/component/settings.yaml"), "ConfigMap")
                .path("data");
        Map<String, String> environment = new TreeMap<>();
        data.properties()
                .forEach(entry ->
                        environment.put(entry.getKey(), entry.getValue().asString()));

        SettingsCheck check = SettingsCheck.of(environment, Map.of());

        assertThat(environment).isNotEmpty();
        assertThat(check.errors()).isEmpty();
        assertThat(check.warnings()).isEmpty();
    }
}
