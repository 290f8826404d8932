package dev.culvert.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Files that say what is expected. {@code -Dgoldens=write} writes them anew: then read the difference. */
final class Golden {
    private static final Path HOME = Path.of("src/test/resources/k8s");

    private static final JsonMapper SORTED = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private Golden() {}

    /** Compares documents, apart from the order of fields, with those of a file below {@code src/test/resources/k8s}. */
    static void hold(String name, List<JsonNode> actual) throws IOException {
        Path file = HOME.resolve(name);
        if ("write".equals(System.getProperty("goldens"))) {
            Files.writeString(file, yaml(actual));
        }
        assertThat(yaml(actual)).as(name).isEqualTo(yaml(Manifests.read(file)));
    }

    /** Documents in block style, fields in the order of their names, as kubectl prints them. */
    private static String yaml(List<JsonNode> documents) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        Yaml yaml = new Yaml(options);
        return documents.stream()
                .map(document -> SORTED.writeValueAsString(Manifests.JSON.convertValue(document, Object.class)))
                .map(json -> yaml.<Object>load(json))
                .map(yaml::dump)
                .collect(Collectors.joining("---\n"));
    }
}
