package dev.culvert.plain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DateClockTest {
    private Instant now = Instant.parse("1994-11-06T08:49:37.999Z");
    private final DateClock clock = new DateClock(() -> now);

    /** RFC 9110 §5.6.7 has the same moment as its example. */
    @Test
    void theDateIsOfTheOneFormToSend() {
        assertThat(clock.date()).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    }

    @Test
    void theDateGoesOnWithTheSecondsAndBackWithTheClock() {
        clock.date();

        now = Instant.parse("1994-11-06T08:49:38Z");
        assertThat(clock.date()).isEqualTo("Sun, 06 Nov 1994 08:49:38 GMT");
        now = Instant.parse("1994-11-06T08:49:10Z");
        assertThat(clock.date()).isEqualTo("Sun, 06 Nov 1994 08:49:10 GMT");
    }
}
