package dev.culvert.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.journey.RequiredPrograms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs kubectl, without a cluster. */
final class Kubectl {
    /** A tenth of a second is usual. */
    private static final int BOUND_SECONDS = 60;

    private Kubectl() {}

    /** What {@code kubectl kustomize FOLDER} prints. */
    static String kustomize(Path folder) throws IOException, InterruptedException {
        return run(List.of("kubectl", "kustomize", folder.toString()));
    }

    /** What a command prints; that it fails is a failure of the test. */
    static String run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("kubectl", ".out");
        Path errors = Files.createTempFile("kubectl", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            boolean ended = process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS);
            process.destroy();
            assertThat(ended && process.exitValue() == 0)
                    .as("%s: %s", command, Files.readString(errors))
                    .isTrue();
            return Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    /** Skips a test where there is no kubectl. */
    static final class Installed implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return RequiredPrograms.condition(
                    context, RequiredPrograms.missing("kubectl"), "install kubectl 1.29 or later");
        }
    }
}
