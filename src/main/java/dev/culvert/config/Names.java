package dev.culvert.config;

import static dev.culvert.config.Expectation.expect;
import static dev.culvert.config.Expectation.require;

import java.io.Serial;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/** Settings that are names, addresses and words of a list. */
public final class Names {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+(/[!#$%&'*+.^_`|~0-9A-Za-z-]+)?");
    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://(\\*\\.)?[A-Za-z0-9.\\[\\]:_-]+");
    private static final Pattern TARGET = Pattern.compile("/[!-~&&[^#]]*");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]+");

    private Names() {}

    private static String oneOf(String text, String... words) {
        return require(text.toLowerCase(Locale.ROOT), List.of(words)::contains);
    }

    public static final class Host implements Converter<String> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public String convert(String value) {
            return expect("a host name or an IP address", value, text -> require(text, HOST.asMatchPredicate()));
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

    public static final class Target implements Converter<String> {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public String convert(String value) {
            return expect("a path such as /ws", value, text -> require(text, TARGET.asMatchPredicate()));
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
