package dev.culvert.lifecycle;

import static dev.culvert.lifecycle.BurstGarbage.Rule.LEAST;
import static dev.culvert.lifecycle.BurstGarbage.Rule.LITTLE;
import static dev.culvert.lifecycle.BurstGarbage.Rule.TUNNEL;
import static dev.culvert.lifecycle.BurstGarbage.Rule.much;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BurstGarbageTest {
    private static final long AT_REST_USED = 2 << 20;
    private static final long AT_REST = 12 << 20;
    private static final long USED = AT_REST_USED + LEAST + 1;
    private static final int TUNNELS = 10_000;

    private final BurstGarbage.Rule rule = new BurstGarbage.Rule();

    @BeforeEach
    void atRest() {
        rule.collected(AT_REST_USED, AT_REST, 0);
    }

    @Nested
    class WhenItIsQuiet {
        @Test
        void whenHardlyANewObjectWasMadeForTwoLooks() {
            assertThat(rule.isQuiet(USED, 0)).isFalse();
            assertThat(rule.isQuiet(USED + LITTLE, 0)).isFalse();
            assertThat(rule.isQuiet(USED, 0)).isTrue();
        }

        @Test
        void onceForEachTimeThatSomethingHappened() {
            rule.isQuiet(USED, 0);
            rule.isQuiet(USED, 0);
            assertThat(rule.isQuiet(USED, 0)).isTrue();
            assertThat(rule.isQuiet(USED, 0)).isFalse();
            assertThat(rule.isQuiet(USED, 1)).isTrue();
            assertThat(rule.isQuiet(USED, 1)).isFalse();
            rule.isQuiet(2 * USED, 1);
            rule.isQuiet(2 * USED, 1);
            assertThat(rule.isQuiet(2 * USED, 1)).isTrue();
        }

        @Test
        void notForTheLittleThatProbesLeave() {
            for (int look = 0; look < 100; look++) {
                assertThat(rule.isQuiet(AT_REST_USED + LEAST * look / 100, 0)).isFalse();
            }
        }

        @Test
        void notInABurst() {
            for (int look = 1; look < 100; look++) {
                assertThat(rule.isQuiet(AT_REST_USED + look * (LITTLE + 1), 0)).isFalse();
            }
        }

        @Test
        void notWhenTheHeapIsAsFullAsASecondAgoOnce() {
            for (int look = 0; look < 100; look++) {
                assertThat(rule.isQuiet(USED + (look % 3 == 0 ? 2 * LITTLE : 0), 0))
                        .isFalse();
            }
        }

        @Test
        void notBehindAFall() {
            assertThat(rule.isQuiet(USED + 2 * LITTLE, 0)).isFalse();
            assertThat(rule.isQuiet(USED, 0)).isFalse();
            assertThat(rule.isQuiet(USED, 0)).isFalse();
            assertThat(rule.isQuiet(USED, 0)).isTrue();
        }
    }

    @Nested
    class WhatIsWorthIt {
        @Test
        void whatIsMuchOnce() {
            assertThat(rule.isDue(AT_REST + much(0), 0)).isFalse();
            assertThat(rule.isDue(AT_REST + much(0) + 1, 0)).isTrue();

            rule.collected(USED, AT_REST + LITTLE, 0);

            assertThat(rule.isDue(AT_REST + LITTLE + much(0), 0)).isFalse();
        }

        @Test
        void notTunnelsThatAreOpenAndTheMoreThereAreTheMoreHasToBeGained() {
            long open = AT_REST + TUNNELS * TUNNEL + much(TUNNELS);

            assertThat(much(TUNNELS)).isGreaterThan(much(0));
            assertThat(rule.isDue(open, TUNNELS)).isFalse();
            assertThat(rule.isDue(open + 1, TUNNELS)).isTrue();
        }

        @Test
        void tunnelsThatHaveGone() {
            long open = AT_REST + TUNNELS * TUNNEL;
            rule.collected(USED, open, TUNNELS);

            assertThat(rule.isDue(open, TUNNELS)).isFalse();
            assertThat(rule.isDue(open, TUNNELS / 2)).isTrue();
        }

        /** Their bytes are outside of the heap: no collection gives them back, and none is spared for them later. */
        @Test
        void notWhatSlowReadersHold() {
            long held = AT_REST + (64 << 20);
            assertThat(rule.isDue(held, 0)).isTrue();
            rule.collected(USED, held, 0);
            assertThat(rule.isDue(held, 0)).isFalse();

            assertThat(rule.isDue(AT_REST, 0)).isFalse();

            assertThat(rule.isDue(AT_REST + much(0) + 1, 0)).isTrue();
        }
    }

    @Test
    void whatIsResidentAndNoFiles() {
        assertThat(BurstGarbage.anonymous("24310 5003 1982 7170 0 2461 0\n", 4096))
                .isEqualTo((5003 - 1982) * 4096);
    }
}
