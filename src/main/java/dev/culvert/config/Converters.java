package dev.culvert.config;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import java.io.Serial;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * How the text of a setting becomes its value. The message of what a converter throws is what was expected, in words: it
 * follows the key and the value in the line that stops the start.
 */
public final class Converters {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+(/[!#$%&'*+.^_`|~0-9A-Za-z-]+)?");
    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://(\\*\\.)?[A-Za-z0-9.\\[\\]:_-]+");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]+");

    private Converters() {}

    private static <T> T expect(String expected, String text, Function<String, T> parse) {
        try {
            return parse.apply(text.trim());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }

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

    private static String oneOf(String text, String... words) {
        return require(text.toLowerCase(Locale.ROOT), List.of(words)::contains);
    }

    private static <T> T require(T value, java.util.function.Predicate<T> holds) {
        if (!holds.test(value)) {
            throw new IllegalArgumentException("out of bounds");
        }
        return value;
    }

    public static final class Host implements Converter<String> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public String convert(String value) {
            return expect("a host name or an IP address", value, text -> require(text, HOST.asMatchPredicate()));
        }
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

    public static final class HeaderSize implements Converter<MemorySize> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public MemorySize convert(String value) {
            return expect("a size such as 16K, 512 to 1M", value, text -> size(text, 512, 1 << 20));
        }
    }

    public static final class Upstream implements Converter<UpstreamUrl> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public UpstreamUrl convert(String value) {
            return expect("http://host[:port] or unix:///path", value, UpstreamUrl::parse);
        }
    }

    public static final class Protocol implements Converter<String> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public String convert(String value) {
            return expect(
                    "protocol names such as websocket, or *", value, text -> require(text, TOKEN.asMatchPredicate()));
        }
    }

    public static final class Origin implements Converter<String> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public String convert(String value) {
            return expect(
                    "origins such as https://example.org or https://*.example.org",
                    value,
                    text -> require(text, ORIGIN.asMatchPredicate()));
        }
    }

    public static final class Network implements Converter<Cidr> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public Cidr convert(String value) {
            return expect("CIDRs such as 10.0.0.0/8 or fd00::/8", value, Cidr::parse);
        }
    }

    public static final class Restoration implements Converter<RestoreMode> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public RestoreMode convert(String value) {
            return expect(
                    "safe, always or off",
                    value,
                    text -> RestoreMode.valueOf(
                            oneOf(text, "safe", "always", "off").toUpperCase(Locale.ROOT)));
        }
    }

    public static final class Forwarding implements Converter<ForwardedMode> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public ForwardedMode convert(String value) {
            return expect(
                    "append, replace or off",
                    value,
                    text -> ForwardedMode.valueOf(
                            oneOf(text, "append", "replace", "off").toUpperCase(Locale.ROOT)));
        }
    }

    public static final class Level implements Converter<String> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public String convert(String value) {
            return expect(
                    "error, warn, info, debug or trace",
                    value,
                    text -> oneOf(text, "error", "warn", "info", "debug", "trace"));
        }
    }

    public static final class Format implements Converter<String> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public String convert(String value) {
            return expect("plain or json", value, text -> oneOf(text, "plain", "json"));
        }
    }

    public static final class OnOff implements Converter<Boolean> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean convert(String value) {
            return expect("on or off", value, text -> oneOf(text, "on", "off").equals("on"));
        }
    }
}
