package dev.culvert.wire;

import dev.culvert.wire.Dialogue.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads dialogues from {@code wire/*.txt}. C is the client, A the app; lines of one marker that stand together are one step:
 *
 * <pre>
 * settings key=value …       of all rows below it, until the next such line
 * define name … end          steps that stand wherever a row has {@code name} alone on a line
 * [rule] clause: fact        begins a row
 * for X, Y: a ; b | c ; d    a row for each value, put in for X and Y in its name and steps; further values in lines with "|"
 * C> text, A> text           bytes that the client, the app sends: with {@link Escapes}, CR LF behind each line but one that
 *                            ends with "\"
 * C< text, A< text           bytes that it must get, exactly
 * C~ text, A~ text           a head that it must get, its fields in any order and letter case, Date aside
 * C% text, A% text           a chunked body that it must get, in chunks of any size
 * C: ends, C: resets         likewise A:
 * C: gets the end, C: gets a reset, C: is given up (one of the two), C: is cut off (behind the end: a reset)
 * C: is refused 400 reason   a whole answer of Culvert's own and the end; logged; an app that is not connected never is
 * A: is left alone           nobody connects to the app
 * A: is connected anew       the app's connection so far is over, and there is another one
 * log: words                 a line of the access log about this client, with each of the words
 * </pre>
 */
public final class DialogueFile {
    private static final String FOLDER = "/wire/";
    private static final String VALUE = " \\| ";

    private final Map<String, List<String>> pieces = new HashMap<>();
    private final List<Dialogue> dialogues = new ArrayList<>();
    private List<String> settings = List.of();
    private String title = "";
    private List<Map<String, String>> variants = List.of(Map.of());
    private List<String> variables = List.of();
    private List<Map<String, String>> values = new ArrayList<>();
    private List<String> lines = new ArrayList<>();

    private DialogueFile() {}

    /**
     * The rows of some files, in their order.
     *
     * @param files names without folder and ending; pieces that one defines are known to those behind it
     */
    public static List<Dialogue> read(String... files) {
        DialogueFile reader = new DialogueFile();
        for (String file : files) {
            for (String line : Rows.of(FOLDER + file + ".txt")) {
                reader.line(line);
            }
            reader.endRow();
        }
        return List.copyOf(reader.dialogues);
    }

    private void line(String line) {
        if (line.startsWith("settings")) {
            endRow();
            settings = List.of(line.substring("settings".length()).strip().split(" +"));
        } else if (line.startsWith("define ") || line.startsWith("[")) {
            endRow();
            title = line;
        } else if (line.equals("end")) {
            pieces.put(title.substring("define ".length()), lines);
            endRow();
        } else if (line.startsWith("for ")) {
            endValues();
            int colon = line.indexOf(':');
            variables = List.of(line.substring("for ".length(), colon).split(", "));
            addValues(line.substring(colon + 1));
        } else if (line.startsWith("| ")) {
            addValues(line.substring(2));
        } else if (pieces.containsKey(line)) {
            lines.add("");
            lines.addAll(pieces.get(line));
            lines.add("");
        } else {
            lines.add(line);
        }
    }

    private void addValues(String text) {
        for (String value : text.isBlank() ? new String[0] : text.strip().split(VALUE)) {
            String[] parts = value.split(" ; ", -1);
            Map<String, String> named = new HashMap<>();
            for (int i = 0; i < variables.size(); i++) {
                named.put(variables.get(i), parts[i].strip());
            }
            values.add(named);
        }
    }

    /** Every value so far with every one of the list that is complete now. */
    private void endValues() {
        if (!values.isEmpty()) {
            List<Map<String, String>> crossed = new ArrayList<>();
            for (Map<String, String> before : variants) {
                for (Map<String, String> value : values) {
                    Map<String, String> both = new HashMap<>(before);
                    both.putAll(value);
                    crossed.add(both);
                }
            }
            variants = crossed;
            values = new ArrayList<>();
        }
    }

    private void endRow() {
        endValues();
        if (title.startsWith("[")) {
            int bracket = title.indexOf("] ");
            for (Map<String, String> variant : variants) {
                dialogues.add(new Dialogue(
                        title.substring(1, bracket),
                        filled(title.substring(bracket + 2), variant),
                        settings,
                        steps(lines.stream().map(line -> filled(line, variant)))));
            }
        }
        title = "";
        variants = List.of(Map.of());
        lines = new ArrayList<>();
    }

    private static String filled(String text, Map<String, String> variant) {
        String filled = text;
        for (Map.Entry<String, String> value : variant.entrySet()) {
            filled = filled.replace(value.getKey(), value.getValue());
        }
        return filled;
    }

    private static List<Step> steps(Stream<String> lines) {
        List<Step> steps = new ArrayList<>();
        boolean together = false;
        for (String line : (Iterable<String>) lines::iterator) {
            if (line.isBlank()) {
                together = false;
                continue;
            }
            int blank = line.indexOf(' ');
            String marker = blank < 0 ? line : line.substring(0, blank);
            String text = blank < 0 ? "" : line.substring(blank + 1);
            Step last = steps.isEmpty() ? new Step("", "") : steps.get(steps.size() - 1);
            if (marker.endsWith(":")) {
                steps.add(new Step(marker, text));
            } else if (together && last.marker().equals(marker)) {
                steps.set(steps.size() - 1, new Step(marker, last.text() + bytes(text)));
            } else {
                steps.add(new Step(marker, bytes(text)));
            }
            together = true;
        }
        return List.copyOf(steps);
    }

    private static String bytes(String line) {
        boolean goesOn = line.endsWith("\\") && !line.endsWith("\\\\");
        return goesOn ? Escapes.decode(line.substring(0, line.length() - 1)) : Escapes.decode(line) + "\r\n";
    }
}
