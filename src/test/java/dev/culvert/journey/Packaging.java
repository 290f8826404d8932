package dev.culvert.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** In which form Culvert is under test: the build's {@code culvert.packaging}. */
public enum Packaging {
    CLASSES,
    JAR,
    NATIVE;

    private static final String HEAP = "128m";

    public static Packaging current() {
        return valueOf(System.getProperty("culvert.packaging", "classes").toUpperCase(Locale.ROOT));
    }

    /** What starts it as a process. */
    public List<String> command() {
        Path build = Path.of(System.getProperty("culvert.build", "target"));
        if (this == NATIVE) {
            return List.of(runner(build).toString());
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(
                java,
                "-Xms" + HEAP,
                "-Xmx" + HEAP,
                "-XX:+AlwaysPreTouch", // so that what becomes resident later is no heap,
                "-XX:+UseSerialGC", // nor a collector's tables, and the image has this one
                "-XX:TieredStopAtLevel=1", // nor the better compiler's memory, tens of megabytes
                "-Dio.netty.leakDetection.level=paranoid",
                "-jar",
                build.resolve("quarkus-app/quarkus-run.jar").toString());
    }

    private static Path runner(Path build) {
        try (Stream<Path> files = Files.list(build)) {
            return files.filter(file -> file.getFileName().toString().endsWith("-runner"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no native binary in " + build));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
