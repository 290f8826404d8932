package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Culvert as it is shipped: a process, told by environment variables, read by its log. */
final class ProcessCulvert implements Culvert {
    private static final Pattern TRAFFIC = Pattern.compile("Traffic: listening on .*?:(\\d+),");
    private static final Pattern ADMIN = Pattern.compile("Listening on: http://.*?:(\\d+)");

    private final List<String> output = new CopyOnWriteArrayList<>();
    private final Process process;
    private final Thread reader;

    ProcessCulvert(List<String> command, Map<String, String> properties, String... arguments) {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("CULVERT_"));
        properties.forEach((key, value) -> builder.environment().put(variable(key), value));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader = new Thread(this::read, "output of " + command.get(0));
        reader.setDaemon(true);
        reader.start();
    }

    private static String variable(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(output::add);
        } catch (IOException | UncheckedIOException e) {
            output.add(e.toString());
        }
    }

    @Override
    public int port() {
        return number(TRAFFIC);
    }

    /** The port of the probes. */
    int adminPort() {
        return number(ADMIN);
    }

    private int number(Pattern pattern) {
        String line = Await.value(
                "a line like " + pattern,
                () -> output.stream()
                        .filter(text -> pattern.matcher(text).find())
                        .findFirst());
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    @Override
    public List<String> log() {
        return output;
    }

    @Override
    public void drain() {
        try (Wire admin = Wire.connect(adminPort())) {
            String answer = admin.send("POST /drain HTTP/1.0\r\n\r\n").readAll();
            assertThat(answer).containsAnyOf(" 202 ", " 200 ");
        }
    }

    @Override
    public long descriptors() {
        return ProcessFiles.descriptors(process.pid());
    }

    /** Those that are open for longer than a moment. */
    long lastingDescriptors() {
        return ProcessFiles.lastingDescriptors(process.pid());
    }

    @Override
    public long memory() {
        return ProcessFiles.residentBytes(process.pid());
    }

    /** Waits for the process to end by itself. */
    int exitCode() {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + output);
            }
            reader.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks the process to end, as the kubelet does. */
    void terminate() {
        process.toHandle().destroy(); // Process.destroy would also close the stream that the last lines come from
    }

    @Override
    public void close() {
        terminate();
        exitCode();
    }
}
