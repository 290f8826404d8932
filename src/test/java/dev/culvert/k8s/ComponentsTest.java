package dev.culvert.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What kubectl's kustomize makes of workloads and Services with the components. */
@ExtendWith(Kubectl.Installed.class)
class ComponentsTest {
    private static List<JsonNode> kustomized(Path folder) throws Exception {
        return Manifests.parse(Kubectl.kustomize(folder));
    }

    private static List<JsonNode> labelledWorkloads(List<JsonNode> documents) {
        return documents.stream()
                .filter(document -> document.path("spec").has("template"))
                .filter(document -> document.path("metadata").path("labels").has("culvert.dev/inject"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sidecar", "plain"})
    void labelledWorkloadsGetTheContainerAndTheirServicesLeadToIt(String component) throws Exception {
        // When
        List<JsonNode> documents = kustomized(Path.of("src/test/resources/k8s", component));

        // Then
        Golden.hold(component + "/golden.yaml", documents);
        assertThat(documents).allSatisfy(Manifests::strict);
        assertThat(labelledWorkloads(documents)).hasSizeGreaterThan(2).allSatisfy(workload -> {
            Sidecar sidecar = Sidecar.of(workload);
            sidecar.isSound();
            assertThat(sidecar.isNative()).isEqualTo(component.equals("sidecar"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"sidecar", "plain"})
    void theAnnotationSaysWhereTheAppListens(String component) throws Exception {
        List<JsonNode> documents = kustomized(Path.of("src/test/resources/k8s", component));

        assertThat(labelledWorkloads(documents).stream()
                        .filter(workload -> !workload.path("kind").asString().equals("Job"))
                        .map(workload -> workload.path("metadata").path("name").asString() + " "
                                + Sidecar.of(workload).settings().get("culvert.upstream.port")))
                .containsExactlyInAnyOrder(
                        "with-init-containers 3000", "without-init-containers 9090", "without-annotations ");
    }

    @Test
    void theExampleIsWhole() throws Exception {
        List<JsonNode> documents = kustomized(Manifests.HOME.resolve("example/component"));

        assertThat(documents).allSatisfy(Manifests::strict);
        assertThat(labelledWorkloads(documents)).hasSize(1).allSatisfy(workload -> {
            Sidecar.of(workload).isSound();
            assertThat(Sidecar.of(workload).settings()).containsEntry("culvert.upstream.port", "3000");
        });
        assertThat(documents)
                .anySatisfy(service -> assertThat(
                                service.at("/spec/ports/0/targetPort").asString(""))
                        .isEqualTo("culvert"));
    }

    @Test
    void thePolicysFolderIsApplied() throws Exception {
        List<JsonNode> documents = kustomized(PolicyFolder.HOME);

        assertThat(documents.stream().map(document -> document.path("kind").asString()))
                .containsExactlyInAnyOrder(
                        "Namespace",
                        "ConfigMap",
                        "MutatingAdmissionPolicy",
                        "MutatingAdmissionPolicyBinding",
                        "ValidatingAdmissionPolicy",
                        "ValidatingAdmissionPolicy",
                        "ValidatingAdmissionPolicyBinding",
                        "ValidatingAdmissionPolicyBinding");
    }
}
