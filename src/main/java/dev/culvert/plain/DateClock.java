package dev.culvert.plain;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time as Date tells it, formatted once a second. Event loop only. */
final class DateClock {
    /** RFC 9110 §5.6.7: the one form to send, its day in two digits. */
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final InstantSource source;
    private long second = Long.MIN_VALUE;
    private String date = "";

    DateClock(InstantSource source) {
        this.source = source;
    }

    /** Now, to the second. */
    String date() {
        Instant now = source.instant();
        if (now.getEpochSecond() != second) {
            second = now.getEpochSecond();
            date = IMF_FIXDATE.format(now);
        }
        return date;
    }
}
