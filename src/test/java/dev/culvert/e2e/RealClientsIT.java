package dev.culvert.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.journey.Packaging;
import dev.culvert.journey.RequiredPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs {@code src/e2e} with Culvert as it is shipped. */
@ExtendWith(RealClientsIT.Installed.class)
class RealClientsIT {
    private static final Path HOME = Path.of("src/e2e");
    /** Some two minutes are usual; each of the tests in there has a bound of its own. */
    private static final int BOUND_MINUTES = 10;

    @Test
    void realClientsGetThroughAsTheReadmeShows() throws IOException, InterruptedException {
        // Given
        Path build = Path.of(System.getProperty("culvert.build", "target"));
        Path output = build.resolve("e2e.log");
        Path transports = build.resolve("e2e-transports.md");
        Path clients = build.resolve("e2e-clients.md");

        // When
        boolean passed = run(output, Map.of("E2E_TABLE", transports, "E2E_CLIENTS_TABLE", clients));

        // Then
        String said = Files.readString(output);
        assertThat(passed).as(said).isTrue();
        assertThat(Files.readString(Path.of("README.md")))
                .contains("<!-- e2e:begin -->\n" + Files.readString(transports) + "<!-- e2e:end -->")
                .contains("<!-- clients:begin -->\n" + Files.readString(clients) + "<!-- clients:end -->");
        System.out.println(said); // names the skipped tests and shows the tables
    }

    private static boolean run(Path output, Map<String, Path> tables) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(HOME.resolve("run").toString()));
        line.addAll(Packaging.current().command());
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        tables.forEach((variable, table) ->
                builder.environment().put(variable, table.toAbsolutePath().toString()));
        Process tests = builder.start();
        try {
            return tests.waitFor(BOUND_MINUTES, TimeUnit.MINUTES) && tests.exitValue() == 0;
        } finally {
            tests.destroy();
        }
    }

    /** Skips the test, naming what is missing, where {@code src/e2e/install} has not been run. */
    static final class Installed implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return RequiredPrograms.condition(context, missing(), "src/e2e/install brings it");
        }

        private static Stream<String> missing() {
            String chromium = Optional.ofNullable(System.getenv("CHROMIUM")).orElse("/usr/bin/chromium");
            Stream<String> programs =
                    RequiredPrograms.missing("node", "nginx", "haproxy", "docker", "kubectl", "curl", chromium);
            Path packages = HOME.resolve("node_modules");
            return Files.isDirectory(packages) ? programs : Stream.concat(programs, Stream.of(packages.toString()));
        }
    }
}
