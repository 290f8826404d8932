package dev.culvert.journey;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Waits for a condition, not for a time. The bound is for what never happens. */
final class Await {
    private static final Duration MOST = Duration.ofSeconds(60);
    private static final Duration SETTLED = Duration.ofMillis(500);
    private static final long POLL_NANOS = 2_000_000;

    private Await() {}

    static void until(String what, BooleanSupplier condition) {
        value(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /** Waits until a number stays what it is for half a second, and returns it: a full pipe has no other sign. */
    static long settled(String what, LongSupplier number) {
        long[] seen = {number.getAsLong(), System.nanoTime()};
        until(what + " settle", () -> {
            long now = number.getAsLong();
            if (seen[0] != now) {
                seen[0] = now;
                seen[1] = System.nanoTime();
            }
            return System.nanoTime() - seen[1] > SETTLED.toNanos();
        });
        return seen[0];
    }

    static <T> T value(String what, Supplier<Optional<T>> supplier) {
        long end = System.nanoTime() + MOST.toNanos();
        while (System.nanoTime() < end) {
            Optional<T> value = supplier.get();
            if (value.isPresent()) {
                return value.get();
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new AssertionError("never happened: " + what);
    }
}
