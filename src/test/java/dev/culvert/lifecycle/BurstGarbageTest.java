package dev.culvert.lifecycle;

import static dev.culvert.lifecycle.BurstGarbage.Rule.LITTLE;
import static dev.culvert.lifecycle.BurstGarbage.Rule.MUCH;
import static dev.culvert.lifecycle.BurstGarbage.Rule.TUNNEL;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BurstGarbageTest {
    private static final long AT_REST = 4 << 20;
    private static final int TUNNELS = 10_000;

    private final BurstGarbage.Rule rule = new BurstGarbage.Rule();

    @BeforeEach
    void atRest() {
        rule.collected(AT_REST, 0);
    }

    @Test
    void withoutABurstNothingIsDue() {
        assertThat(rule.isDue(AT_REST, 0)).isFalse();
        assertThat(rule.isDue(AT_REST + LITTLE, 0)).isFalse();
    }

    @Test
    void aBurstThatGoesOnIsLeftAlone() {
        long used = AT_REST;
        for (int look = 0; look < 100; look++) {
            used += LITTLE + 1;
            assertThat(rule.isDue(used, 0)).isFalse();
        }
    }

    @Test
    void aBurstThatIsOverIsDueOnce() {
        long used = AT_REST + MUCH + 1;
        assertThat(rule.isDue(used, 0)).isFalse();
        assertThat(rule.isDue(used, 0)).isFalse();
        assertThat(rule.isDue(used, 0)).isTrue();

        rule.collected(AT_REST + LITTLE, 0);

        assertThat(rule.isDue(AT_REST + LITTLE, 0)).isFalse();
        assertThat(rule.isDue(AT_REST + 2 * LITTLE, 0)).isFalse();
    }

    @Test
    void aHeapThatIsAsFullAsASecondAgoOnceIsNotQuiet() {
        for (int look = 0; look < 100; look++) {
            long used = AT_REST + 2 * MUCH + (look % 3 == 0 ? 2 * LITTLE : 0);
            assertThat(rule.isDue(used, 0)).isFalse();
        }
    }

    @Test
    void aFallIsNoQuietEither() {
        assertThat(rule.isDue(AT_REST + 3 * MUCH, 0)).isFalse();
        assertThat(rule.isDue(AT_REST + 2 * MUCH, 0)).isFalse();
        assertThat(rule.isDue(AT_REST + 2 * MUCH, 0)).isFalse();
        assertThat(rule.isDue(AT_REST + 2 * MUCH, 0)).isTrue();
    }

    @Test
    void tunnelsThatAreOpenAreNoGarbage() {
        long open = AT_REST + TUNNELS * TUNNEL + MUCH;
        rule.isDue(open, TUNNELS);
        rule.isDue(open, TUNNELS);

        assertThat(rule.isDue(open, TUNNELS)).isFalse();
        assertThat(rule.isDue(open + 1, TUNNELS)).isTrue();
    }

    @Test
    void tunnelsThatHaveGoneAre() {
        long open = AT_REST + TUNNELS * TUNNEL;
        rule.collected(open, TUNNELS);
        rule.isDue(open, TUNNELS);
        rule.isDue(open, TUNNELS);

        assertThat(rule.isDue(open, TUNNELS / 2)).isTrue();
    }
}
