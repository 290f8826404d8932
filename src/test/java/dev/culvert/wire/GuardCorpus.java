package dev.culvert.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Requests byte by byte, and what is to become of them: the tables of {@code guard/*.txt}. A row reads {@code name with its
 * clause | outcome | bytes}, the bytes with {@link Escapes}. Outcomes:
 *
 * <ul>
 *   <li>{@code 400}: answered with this status and closed, nothing reaches the app; {@code 0}: closed without an answer;
 *   <li>{@code cut}: the body is bad, the app may see a part of the request, and Culvert closes; {@code short}: likewise,
 *       once the client has ended its stream;
 *   <li>{@code METHOD target host body}: exactly this request reaches the app (the body with {@link Escapes}, or left out;
 *       {@code *} for any host); {@code then 400} or {@code then 0}: what follows it is refused, {@code then end}: what
 *       follows it is dropped.
 * </ul>
 */
public final class GuardCorpus {
    private static final List<String> FILES = List.of(
            "start-line",
            "control-bytes",
            "methods",
            "target",
            "host",
            "framing",
            "fields",
            "limits",
            "smuggling",
            "chunked-bodies");

    /** What a row says of its request. */
    public enum Outcome {
        REFUSED,
        ACCEPTED,
        CUT,
        SHORT
    }

    /**
     * A row.
     *
     * @param name with the clause that it is about
     * @param says the outcome as it is written
     * @param written the request with its escapes
     */
    public record Case(String name, String says, String written) {
        /** The bytes. */
        public byte[] request() {
            return Escapes.bytes(written);
        }

        public Outcome outcome() {
            return switch (says) {
                case "cut" -> Outcome.CUT;
                case "short" -> Outcome.SHORT;
                default -> says.matches("[0-9]+") ? Outcome.REFUSED : Outcome.ACCEPTED;
            };
        }

        /** The status of a refused one. */
        public int status() {
            return Integer.parseInt(says);
        }

        /** What the app sees of an accepted one: method, target, host and body. */
        public List<String> seen() {
            List<String> words = new ArrayList<>();
            for (String word : says.split(" then ", 2)[0].split(" ", 4)) {
                words.add(Escapes.decode(word));
            }
            if (words.size() == 3) {
                words.add("");
            }
            return words;
        }

        /** What becomes of the bytes behind an accepted one. */
        public Optional<String> then() {
            String[] parts = says.split(" then ", 2);
            return parts.length == 2 ? Optional.of(parts[1]) : Optional.empty();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private GuardCorpus() {}

    /** All rows, those with bad bodies last. */
    public static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        FILES.forEach(file -> read("/guard/" + file + ".txt", cases));
        return Collections.unmodifiableList(cases);
    }

    private static void read(String file, List<Case> cases) {
        Rows.of(file).stream().filter(line -> !line.isBlank()).forEach(line -> cases.add(row(line)));
    }

    private static Case row(String line) {
        String[] parts = line.split(" \\| ", 3);
        return new Case(parts[0], parts[1], parts[2]);
    }
}
