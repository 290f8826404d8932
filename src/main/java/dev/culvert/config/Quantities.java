package dev.culvert.config;

import static dev.culvert.config.Expectation.expect;
import static dev.culvert.config.Expectation.require;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import java.io.Serial;
import java.math.BigInteger;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** Settings that are numbers, sizes and times, with their bounds. */
public final class Quantities {
    private Quantities() {}

    private static int number(String text, int least, int most) {
        return require(Integer.parseInt(text), value -> value >= least && value <= most);
    }

    private static Duration time(String text, Duration least, Duration most) {
        Duration value = new DurationConverter().convert(text);
        return require(value, v -> v.compareTo(least) >= 0 && v.compareTo(most) <= 0);
    }

    private static MemorySize size(String text, int least, int most) {
        MemorySize value = new MemorySizeConverter().convert(text);
        BigInteger bytes = value.asBigInteger();
        return require(
                value,
                v -> bytes.compareTo(BigInteger.valueOf(least)) >= 0 && bytes.compareTo(BigInteger.valueOf(most)) <= 0);
    }

    public static final class Port implements Converter<Integer> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public Integer convert(String value) {
            return expect("a port number, 0 to 65535", value, text -> number(text, 0, 65535));
        }
    }

    public static final class UpstreamPort implements Converter<Integer> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public Integer convert(String value) {
            return expect("a port number, 1 to 65535", value, text -> number(text, 1, 65535));
        }
    }

    public static final class EventLoops implements Converter<Integer> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public Integer convert(String value) {
            return expect("a number of threads, 0 to 64", value, text -> number(text, 0, 64));
        }
    }

    public static final class Count implements Converter<Integer> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public Integer convert(String value) {
            return expect("a number, 0 (no limit) or more", value, text -> number(text, 0, Integer.MAX_VALUE));
        }
    }

    public static final class PositiveCount implements Converter<Integer> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public Integer convert(String value) {
            return expect("a number, 1 or more", value, text -> number(text, 1, Integer.MAX_VALUE));
        }
    }

    public static final class Time implements Converter<Duration> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public Duration convert(String value) {
            return expect(
                    "a time such as 500ms, 30s or 5m, 0 (none) to 365d",
                    value,
                    text -> time(text, Duration.ZERO, Duration.ofDays(365)));
        }
    }

    public static final class PositiveTime implements Converter<Duration> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public Duration convert(String value) {
            return expect(
                    "a time such as 500ms, 30s or 5m, 1ms to 24h",
                    value,
                    text -> time(text, Duration.ofMillis(1), Duration.ofHours(24)));
        }
    }

    public static final class BufferSize implements Converter<MemorySize> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public MemorySize convert(String value) {
            return expect("a size such as 64K or 1M, 4K to 64M", value, text -> size(text, 4 << 10, 64 << 20));
        }
    }

    public static final class SharedSize implements Converter<MemorySize> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public MemorySize convert(String value) {
            return expect("a size such as 24M, 1M to 1G", value, text -> size(text, 1 << 20, 1 << 30));
        }
    }

    public static final class HeaderSize implements Converter<MemorySize> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public MemorySize convert(String value) {
            return expect("a size such as 16K, 512 to 1M", value, text -> size(text, 512, 1 << 20));
        }
    }
}
