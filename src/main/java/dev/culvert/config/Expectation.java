package dev.culvert.config;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How the text of a setting becomes its value, or does not: the message of what is thrown is what was expected, in words. It
 * follows the key and the value in the line that stops the start.
 */
final class Expectation {
    private Expectation() {}

    /** Parses, whatever goes wrong being put in the words of {@code expected}. */
    static <T> T expect(String expected, String text, Function<String, T> parse) {
        try {
            return parse.apply(text.trim());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }

    static <T> T require(T value, Predicate<T> holds) {
        if (!holds.test(value)) {
            throw new IllegalArgumentException("out of bounds");
        }
        return value;
    }
}
