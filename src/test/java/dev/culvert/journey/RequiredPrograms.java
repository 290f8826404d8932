package dev.culvert.journey;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Programs of others that a test runs: where one is missing, the test is skipped, and says so. */
public final class RequiredPrograms {
    /** Where Debian keeps servers; an ordinary user's PATH leaves it out. */
    private static final String SERVERS = "/usr/sbin";

    private RequiredPrograms() {}

    /** Those of the programs, named or given by their path, that cannot be run here. */
    public static Stream<String> missing(String... programs) {
        return Stream.of(programs).filter(program -> !isProgram(program));
    }

    /**
     * Enables a test, or skips it by name.
     *
     * @param missing what is missing; empty enables
     * @param remedy what brings it
     */
    public static ConditionEvaluationResult condition(ExtensionContext context, Stream<String> missing, String remedy) {
        String names = missing.collect(Collectors.joining(", "));
        if (names.isEmpty()) {
            return ConditionEvaluationResult.enabled("nothing is missing");
        }
        String reason = "missing: " + names + "; " + remedy;
        System.out.println("Skipped: " + context.getDisplayName() + ", " + reason);
        return ConditionEvaluationResult.disabled(reason);
    }

    private static boolean isProgram(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Pattern.compile(File.pathSeparator).splitAsStream(path), Stream.of(SERVERS))
                .map(folder -> Path.of(folder).resolve(name))
                .anyMatch(Files::isExecutable);
    }
}
