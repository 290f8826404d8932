package dev.culvert.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The README and {@code k8s/README.md} say what is so, and their commands do what they say. */
class DocumentsTest {
    private static final Path EXAMPLE = Manifests.HOME.resolve("example/component");

    private static String between(Path file, String marker) throws Exception {
        return between(Files.readString(file), "<!-- " + marker + ":begin -->", "<!-- " + marker + ":end -->");
    }

    private static String between(String text, String begin, String end) {
        assertThat(text).contains(begin, end);
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static Stream<String> firstOfAll(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().map(DocumentsTest::group);
    }

    private static String group(MatchResult match) {
        return match.group(1);
    }

    private static List<String> commands() throws Exception {
        return between(Path.of("README.md"), "inject")
                .lines()
                .filter(line -> line.startsWith("kubectl "))
                .toList();
    }

    /** Runs a command of the README on files instead of on a cluster. */
    private static JsonNode patched(String object, Path file, String command) throws Exception {
        String start = "kubectl patch " + object + " chat ";
        assertThat(command).startsWith(start);
        String local = "kubectl patch --local -o yaml -f " + file + " " + command.substring(start.length());
        return Manifests.parse(Kubectl.run(List.of("bash", "-c", local))).get(0);
    }

    @Test
    void everyFolderOfManifestsIsListed() throws Exception {
        try (Stream<Path> entries = Files.list(Manifests.HOME)) {
            assertThat(firstOfAll(between(Path.of("README.md"), "manifests"), "\\| \\[`([^`]+)`]"))
                    .containsExactlyInAnyOrderElementsOf(entries.filter(Files::isDirectory)
                            .map(Path::toString)
                            .toList());
        }
    }

    @Test
    void everyAnnotationIsListedAndNoOtherIsRead() throws Exception {
        List<String> listed = firstOfAll(
                        between(Manifests.HOME.resolve("README.md"), "annotations"), "\\| `(culvert\\.dev/[^`]+)`")
                .toList();
        JsonNode slips = Manifests.read(PolicyFolder.HOME.resolve("guard.yaml")).get(2);
        String known = slips.at("/spec/variables/0/expression").asString();
        TreeSet<String> read = new TreeSet<>();
        firstOfAll(Files.readString(PolicyFolder.HOME.resolve("inject.yaml")), "annotations\\[\\??'([^']+)']")
                .forEach(read::add);

        assertThat(firstOfAll(known, "'(culvert\\.dev/[a-z-]+)'")).containsExactlyElementsOf(listed);
        assertThat(read).containsExactlyInAnyOrderElementsOf(listed);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @ExtendWith(Kubectl.Installed.class)
    void thePatchesOfTheReadmeBringTheContainerAndThePortOfTheApp(int way) throws Exception {
        // Given
        Path deployment = Files.createTempFile("deployment", ".yaml");
        try {
            JsonNode with = patched(
                    "deployment", EXAMPLE.resolve("deployment.yaml"), commands().get(way));
            Files.writeString(deployment, with.toString());

            // When
            JsonNode labelled = patched("deployment", deployment, commands().get(3));

            // Then
            Manifests.strict(labelled);
            Sidecar sidecar = Sidecar.of(labelled);
            sidecar.isSound();
            assertThat(sidecar.isNative()).isEqualTo(way == 1);
            assertThat(sidecar.settings()).containsEntry("culvert.upstream.port", "3000");
        } finally {
            Files.delete(deployment);
        }
    }

    @Test
    @ExtendWith(Kubectl.Installed.class)
    void theLabelOfTheReadmeIsWhatThePolicyWaitsFor() throws Exception {
        // Given
        PolicyFolder policy = PolicyFolder.read();
        JsonNode labelled = patched(
                "deployment", EXAMPLE.resolve("deployment.yaml"), commands().get(3));
        JsonNode pod = labelled.at("/spec/template");
        JsonNode wanted = Manifests.read(PolicyFolder.HOME.resolve("inject.yaml"), "MutatingAdmissionPolicy")
                .at("/spec/matchConstraints/objectSelector/matchLabels");

        // When
        JsonNode injected = policy.injection().mutated(pod, policy.defaults());

        // Then
        assertThat(wanted.properties()).isNotEmpty();
        assertThat(pod.at("/metadata/labels").properties()).containsAll(wanted.properties());
        assertThat(policy.guard().objections(labelled)).isEmpty();
        assertThat(policy.injection().unmet(pod)).isEmpty();
        assertThat(Sidecar.of(injected).settings()).containsEntry("culvert.upstream.port", "3000");
    }

    @Test
    @ExtendWith(Kubectl.Installed.class)
    void thePatchOfTheReadmeLeadsTheServiceToCulvert() throws Exception {
        JsonNode service =
                patched("service", EXAMPLE.resolve("service.yaml"), commands().get(4));

        Manifests.strict(service);
        assertThat(service.at("/spec/ports").toString())
                .isEqualTo("[{\"name\":\"http\",\"port\":80,\"targetPort\":\"culvert\"}]");
    }
}
