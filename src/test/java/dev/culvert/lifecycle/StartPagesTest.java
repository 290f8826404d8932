package dev.culvert.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.lifecycle.StartPages.Range;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartPagesTest {
    private static final String FILE = "/app/culvert";
    private static final long FROM = 0x7f1f49700000L;
    private static final long TO = 0x7f1f4a000000L;

    private static List<Range> unchanged(String permissions, String file, String... fields) {
        String mapping = "7f1f49700000-7f1f4a000000 " + permissions + " 01700000 fe:00 40213   " + file;
        return StartPages.unchanged(
                Stream.concat(Stream.of(mapping, "Size:   9216 kB", "Rss:   9000 kB"), Arrays.stream(fields))
                        .toList(),
                FILE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"r-xp", "r--p"})
    void codeAndConstantsOfTheBinaryAreGivenBack(String permissions) {
        assertThat(unchanged(permissions, FILE, "Anonymous:  0 kB", "Swap:  0 kB"))
                .containsExactly(new Range(FROM, TO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-p", "rw-s", "r--s", "rwxp", "---p"})
    void whatCanBeWrittenOrIsSharedStays(String permissions) {
        assertThat(unchanged(permissions, FILE, "Anonymous:  0 kB", "Swap:  0 kB"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Anonymous:  4 kB", "Swap:  4 kB"})
    void whatWasChangedStays(String field) {
        assertThat(unchanged("r--p", FILE, field)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/lib/libc.so.6", "/app/culvert2", "[heap]", ""})
    void whatIsNotTheBinaryStays(String file) {
        assertThat(unchanged("r--p", file, "Anonymous:  0 kB")).isEmpty();
    }

    @Test
    void eachMappingIsSeenForItself() {
        assertThat(StartPages.unchanged(
                        List.of(
                                "1000-2000 r--p 0 fe:00 1 /app/culvert",
                                "Anonymous: 4 kB",
                                "Swap: 4 kB",
                                "2000-3000 r-xp 0 fe:00 1 /app/culvert",
                                "Anonymous: 0 kB",
                                "3000-4000 rw-p 0 fe:00 1 /app/culvert",
                                "Anonymous: 4 kB",
                                "ffff800000000000-ffff800000001000 r--p 0 fe:00 1 /app/culvert",
                                "VmFlags: rd mr mw me sd"),
                        FILE))
                .containsExactly(new Range(0x2000, 0x3000), new Range(0xffff800000000000L, 0xffff800000001000L));
    }
}
