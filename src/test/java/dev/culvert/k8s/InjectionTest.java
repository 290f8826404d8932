package dev.culvert.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the mutating policy makes of a pod, evaluated with CEL for Java (see the package's page for what that shows). */
class InjectionTest {
    private static PolicyFolder policy;

    @BeforeAll
    static void readsTheFolder() throws Exception {
        policy = PolicyFolder.read();
    }

    private static JsonNode pod(String name) throws Exception {
        return Manifests.read(Path.of("src/test/resources/k8s/policy", name + ".pod.yaml"), "Pod");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bare", "annotated", "short-grace", "no-grace"})
    void aLabelledPodGetsTheContainer(String name) throws Exception {
        // Given
        JsonNode pod = pod(name);
        assertThat(policy.injection().unmet(pod)).isEmpty();

        // When
        JsonNode injected = policy.injection().mutated(pod, policy.defaults());

        // Then
        Golden.hold("policy/" + name + ".injected.yaml", List.of(injected));
        Manifests.strict(injected);
        Sidecar.of(injected).isSound();
        assertThat(policy.guard().objections(injected)).isEmpty();
        assertThat(policy.slips().objections(injected)).isEmpty();
    }

    @Test
    void theExampleIsInjected() throws Exception {
        // Given
        JsonNode deployment = Manifests.read(Manifests.HOME.resolve("example/policy/app.yaml"), "Deployment");
        JsonNode pod = deployment.at("/spec/template");
        assertThat(policy.guard().objections(deployment)).isEmpty();
        assertThat(policy.injection().unmet(pod)).isEmpty();

        // When
        Sidecar sidecar = Sidecar.of(policy.injection().mutated(pod, policy.defaults()));

        // Then
        sidecar.isSound();
        assertThat(sidecar.settings())
                .containsEntry("culvert.upstream.port", "3000")
                .containsEntry("culvert.forwarded.trusted-proxies", "10.0.0.0/8");
    }

    @Test
    void anInjectedPodIsLeftAlone() throws Exception {

        JsonNode injected = policy.injection().mutated(pod("annotated"), policy.defaults());

        assertThat(policy.injection().unmet(injected)).containsExactly("not-yet-injected");
    }

    @Test
    void aPodWithThePlainContainerIsLeftAlone() throws Exception {
        ObjectNode pod = (ObjectNode) pod("bare");
        pod.withObject("/spec").withArray("containers").addObject().put("name", "culvert");

        assertThat(policy.injection().unmet(pod)).containsExactly("not-yet-injected");
    }

    @ParameterizedTest
    @CsvSource({
        "culvert.dev/listen-port, http, ports-are-numbers",
        "culvert.dev/admin-port, 0x10, ports-are-numbers",
        "culvert.dev/resources-limits-memory, plenty, resources-are-quantities",
        "culvert.dev/resources-requests-cpu, '', resources-are-quantities",
    })
    void aPodWhoseAnnotationsCannotBeUsedIsLeftToTheGuard(String annotation, String value, String condition)
            throws Exception {
        // Given
        ObjectNode pod = (ObjectNode) pod("bare");
        pod.withObject("/metadata").withObject("annotations").put(annotation, value);

        // When
        List<String> unmet = policy.injection().unmet(pod);

        // Then
        assertThat(unmet).containsExactly(condition);
        assertThat(policy.guard().objections(pod)).isNotEmpty();
    }

    @Test
    void aPodOnTheNetworkOfItsNodeIsLeftToTheGuard() throws Exception {
        ObjectNode pod = (ObjectNode) pod("bare");
        pod.withObject("/spec").put("hostNetwork", true);

        assertThat(policy.injection().unmet(pod)).containsExactly("not-on-the-network-of-the-node");
        assertThat(policy.guard().objections(pod)).isNotEmpty();
    }

    @Test
    void aLimitForTheCpuMayBeSetForAll() throws Exception {
        ObjectNode defaults = policy.defaults().deepCopy().asObject();
        defaults.withObject("/data").put("resources-limits-cpu", "2");

        JsonNode injected = policy.injection().mutated(pod("bare"), defaults);

        assertThat(injected.at("/spec/initContainers/0/resources/limits").toString())
                .contains("\"cpu\":\"2\"");
    }
}
