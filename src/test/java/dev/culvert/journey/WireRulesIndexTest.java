package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.culvert.wire.Dialogue;
import dev.culvert.wire.Rows;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The index of the wire rules: {@code wire/rules.txt} names their lines, and rows and tagged tests name the lines back. */
class WireRulesIndexTest {
    private static final String TAG = "wire:";

    private static Set<String> rules() {
        return Rows.of("/wire/rules.txt").stream()
                .filter(line -> !line.isBlank())
                .map(line -> line.split(" ", 2)[0])
                .collect(Collectors.toSet());
    }

    private static Set<String> named() {
        Stream<String> rows = WireRulesJourney.ROWS.stream().map(Dialogue::rule);
        Stream<String> tests = new ClassFileImporter()
                .importPackagesOf(WireRulesIndexTest.class).stream().flatMap(WireRulesIndexTest::tags);
        return Stream.concat(rows, tests).collect(Collectors.toSet());
    }

    private static Stream<String> tags(JavaClass type) {
        return Stream.concat(Stream.of(type), type.getMethods().stream())
                .flatMap(member -> member.getAnnotations().stream())
                .flatMap(WireRulesIndexTest::unwrapped)
                .map(Tag::value)
                .filter(tag -> tag.startsWith(TAG))
                .map(tag -> tag.substring(TAG.length()));
    }

    /** Several tags stand in a container. */
    private static Stream<Tag> unwrapped(JavaAnnotation<?> annotation) {
        String type = annotation.getRawType().getName();
        if (type.equals(Tag.class.getName())) {
            return Stream.of(annotation.as(Tag.class));
        }
        return type.equals(org.junit.jupiter.api.Tags.class.getName())
                ? Stream.of(annotation.as(org.junit.jupiter.api.Tags.class).value())
                : Stream.empty();
    }

    @Test
    void everyLineOfTheRulesHasARowOrATestAndEachOfThoseALine() {
        assertThat(named()).containsExactlyInAnyOrderElementsOf(rules());
    }
}
