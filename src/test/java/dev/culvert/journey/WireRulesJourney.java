package dev.culvert.journey;

import dev.culvert.wire.Dialogue;
import dev.culvert.wire.DialogueFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The wire rules, a row for each line of them and more where a line has several sides: {@code wire/*.txt}, to be read from
 * the top. Each row says what the client sends, what the app must see, what it answers, and what the client must get, byte
 * for byte. Rows with the same settings share a Culvert.
 */
class WireRulesJourney {
    /** All of them; what is a table of its own in Java stands in the journeys beside this one. */
    static final List<Dialogue> ROWS =
            DialogueFile.read("pieces", "requests", "refused", "to-the-app", "the-answer", "plain", "tunnel", "ends");

    private static List<String> settings = List.of();
    private static Stage stage;

    @TestFactory
    Stream<DynamicContainer> everyRowHolds() {
        Map<List<String>, List<Dialogue>> groups = ROWS.stream()
                .collect(Collectors.groupingBy(Dialogue::settings, LinkedHashMap::new, Collectors.toList()));
        return groups.entrySet().stream()
                .map(group -> DynamicContainer.dynamicContainer(
                        String.join(" ", group.getKey()),
                        group.getValue().stream()
                                .map(row -> DynamicTest.dynamicTest(row.toString(), () -> play(row)))));
    }

    private static void play(Dialogue row) {
        if (stage == null || !settings.equals(row.settings())) {
            end();
            settings = row.settings();
            stage = new Stage(settings);
        }
        try {
            Conversation.play(stage, row);
        } catch (AssertionError | RuntimeException e) {
            end(); // the next row is not to suffer from what this one left behind
            throw e;
        }
    }

    @AfterAll
    static void end() {
        if (stage != null) {
            stage.close();
            stage = null;
        }
    }
}
