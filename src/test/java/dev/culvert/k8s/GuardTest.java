package dev.culvert.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the validating policies say, evaluated with CEL for Java (see the package's page for what that shows). The rows are
 * played to the API server's own code by {@code src/e2e/policy}, too.
 */
class GuardTest {
    private static PolicyFolder policy;

    @BeforeAll
    static void readsTheFolder() throws Exception {
        policy = PolicyFolder.read();
    }

    private static ObjectNode pod(String annotation, String value) {
        ObjectNode pod = (ObjectNode) Manifests.parse("""
                kind: Pod
                metadata: {labels: {culvert.dev/inject: "true"}}
                spec: {containers: [{name: app, ports: [{name: http, containerPort: 3000}]}]}
                """).get(0);
        pod.withObject("/metadata").withObject("annotations").put("culvert.dev/" + annotation, value);
        return pod;
    }

    private static ObjectNode deployment(ObjectNode pod) {
        ObjectNode deployment = Manifests.JSON.createObjectNode().put("kind", "Deployment");
        deployment.withObject("/spec").set("template", pod);
        return deployment;
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/k8s/policy/annotations.csv", delimiter = '|')
    void anAnnotationIsRefusedWithItsReasonOrNotAtAll(String annotation, String value, @Nullable String refusal)
            throws Exception {
        // Given
        ObjectNode pod = pod(annotation, value);

        // When
        Admission ofPod = Admission.of(policy, pod);
        Admission ofDeployment = Admission.of(policy, deployment(pod));

        // Then
        List<String> refusals = refusal == null ? List.of() : List.of(refusal);
        assertThat(ofPod.refusals()).isEqualTo(refusals);
        assertThat(ofDeployment.refusals()).isEqualTo(refusals);
        assertThat(ofDeployment.warnings()).isEmpty();
    }

    static Stream<Arguments> objects() throws Exception {
        JsonNode rows = Manifests.read(Path.of("src/test/resources/k8s/policy/objects.yaml"))
                .get(0);
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> Arguments.argumentSet(row.path("name").asString(), row));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void whatIsSaidOfAnObject(JsonNode row) throws Exception {
        // Given
        JsonNode before = row.has("before") ? row.path("before") : NullNode.getInstance();

        // When
        Admission admission = Admission.of(policy, row.path("object"), before);

        // Then
        assertThat(!admission.object().equals(row.path("object")))
                .isEqualTo(row.path("injected").asBoolean(false));
        assertThat(admission.refusals())
                .isEqualTo(texts(row.has("refused") ? List.of(row.path("refused")) : List.of()));
        assertThat(admission.warnings()).isEqualTo(texts(row.path("warned")));
    }

    private static List<String> texts(Iterable<JsonNode> nodes) {
        return StreamSupport.stream(nodes.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }

    /** Else the API server, which holds each against the schema of each kind, warns of it in the policy's status. */
    @Test
    void validationsReadTheObjectThroughVariablesAlone() throws Exception {
        for (JsonNode manifest : Manifests.read(PolicyFolder.HOME.resolve("guard.yaml"))) {
            for (JsonNode validation : manifest.at("/spec/validations")) {
                assertThat(validation.toString()).doesNotContain("object");
            }
        }
    }
}
