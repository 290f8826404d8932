package dev.culvert.wire;

import java.util.List;

/**
 * A row of the wire rules: who says what, and what the other side must get of it.
 *
 * @param rule the line of the rules that it is about, as {@code wire/rules.txt} names it
 * @param name the clause and the fact
 * @param settings {@code key=value} of the Culvert between the two
 * @param steps in their order
 */
public record Dialogue(String rule, String name, List<String> settings, List<Step> steps) {
    /**
     * One step.
     *
     * @param marker who does what: {@code C>}, {@code A<}, {@code C:}, {@code log:} and so on, see {@link DialogueFile}
     * @param text bytes, a byte a character; or words, where the marker ends with a colon
     */
    public record Step(String marker, String text) {
        @Override
        public String toString() {
            return marker + " " + Escapes.encode(Escapes.latin1(text));
        }
    }

    @Override
    public String toString() {
        return "[" + rule + "] " + name;
    }
}
