package dev.culvert.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.TestSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BacklogTest {
    private static final int KIB = 1 << 10;

    @ParameterizedTest
    @CsvSource({
        "0,     8192, false",
        "6144,  4096, false",
        "12288, 16, false",
        "18432, 8, false",
        "24320, 1,  false",
        "24575, 1,  false",
        "24576, 1,  true",
        "40000, 1,  true",
    })
    void theFullerItIsTheLessIsLeftForOneAndNoneIsLeftWithNothing(int heldKib, int shareKib, boolean full) {
        Backlog backlog = new Backlog(
                TestSettings.of("tunnel.memory=24M", "tunnel.buffer=64M").tunnel());

        backlog.add((long) heldKib * KIB);

        assertThat(backlog.share()).isEqualTo((long) shareKib * KIB);
        assertThat(backlog.isFull()).isEqualTo(full);
    }

    @ParameterizedTest
    @CsvSource({"0, 32", "12256, 32", "12288, 16"})
    void oneDirectionHasNoMoreThanItsOwnBound(int heldKib, int shareKib) {
        Backlog backlog = new Backlog(
                TestSettings.of("tunnel.memory=24M", "tunnel.buffer=64K").tunnel());

        backlog.add((long) heldKib * KIB);

        assertThat(backlog.share()).isEqualTo((long) shareKib * KIB);
    }
}
