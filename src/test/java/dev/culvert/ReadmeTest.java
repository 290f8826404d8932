package dev.culvert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.Settings;
import dev.culvert.config.SettingsCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The README's tables say what is so. */
class ReadmeTest {
    private record Row(String key, String variable, String value) {}

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }

    private static List<Row> settings() throws IOException {
        String table = between(readme(), "<!-- settings:begin -->", "<!-- settings:end -->");
        return table.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> Arrays.stream(line.split("\\|", -1))
                        .map(cell -> cell.strip().replace("`", ""))
                        .toList())
                .map(cells -> new Row(cells.get(1), cells.get(2), cells.get(3)))
                .toList();
    }

    private static String between(String text, String begin, String end) {
        assertThat(text).contains(begin, end);
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    @Test
    void everySettingIsListedWithItsVariableAndItsDefault() throws IOException {
        Map<String, String> defaults = SettingsCheck.of(Map.of(), Map.of()).effective();

        List<Row> expected = Settings.KEYS.stream()
                .map(key -> new Row(
                        key,
                        key.replaceAll("[^a-z0-9]", "_").toUpperCase(Locale.ROOT),
                        String.valueOf(defaults.get(key))))
                .toList();

        assertThat(settings()).containsExactlyElementsOf(expected);
    }

    @Test
    void everyReasonATunnelEndsForIsListed() throws IOException {
        String reasons = between(readme(), "A tunnel ends for one reason: ", ".\n");

        assertThat(Arrays.stream(reasons.split(", ", -1)).map(label -> label.replace("`", "")))
                .containsExactlyElementsOf(Arrays.stream(CloseReason.values())
                        .map(CloseReason::label)
                        .toList());
    }

    @Test
    void everyLinkedFileIsThere() throws IOException {
        var links = java.util.regex.Pattern.compile("]\\((?!http)([^)#]+)\\)").matcher(readme());

        assertThat(links.results().map(link -> Path.of(link.group(1))).toList())
                .isNotEmpty()
                .allSatisfy(path -> assertThat(path).exists());
    }
}
