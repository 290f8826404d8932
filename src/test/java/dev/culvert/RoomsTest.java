package dev.culvert;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;

/** The room table of CONTRIBUTING.md: who may know whom. */
@AnalyzeClasses(packages = "dev.culvert", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
    @ArchTest
    static final ArchRule ROOT_KNOWS_NOTHING = knows("dev.culvert");

    @ArchTest
    static final ArchRule CONFIG = knows("dev.culvert.config");

    @ArchTest
    static final ArchRule GUARD = knows("dev.culvert.guard", "config");

    @ArchTest
    static final ArchRule HANDSHAKE = knows("dev.culvert.handshake", "config");

    @ArchTest
    static final ArchRule ADMISSION = knows("dev.culvert.admission", "config");

    @ArchTest
    static final ArchRule FLOW = knows("dev.culvert.flow", "config");

    @ArchTest
    static final ArchRule UPSTREAM = knows("dev.culvert.upstream", "config", "guard", "handshake", "flow");

    @ArchTest
    static final ArchRule TUNNEL = knows("dev.culvert.tunnel", "config", "flow", "observation");

    @ArchTest
    static final ArchRule PLAIN = knows("dev.culvert.plain", "config", "handshake", "upstream", "flow", "observation");

    @ArchTest
    static final ArchRule OBSERVATION = knows("dev.culvert.observation");

    @ArchTest
    static final ArchRule LISTENER = knows(
            "dev.culvert.listener",
            "config",
            "guard",
            "handshake",
            "admission",
            "flow",
            "upstream",
            "tunnel",
            "plain",
            "observation");

    @ArchTest
    static final ArchRule HEALTH = knows("dev.culvert.health", "config", "listener", "admission", "tunnel");

    @ArchTest
    static final ArchRule LIFECYCLE = knows("dev.culvert.lifecycle", "config", "listener", "admission", "tunnel");

    @ArchTest
    static final ArchRule ADMIN = knows("dev.culvert.admin", "lifecycle");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.culvert.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule RULES_TOUCH_NO_CHANNEL = noClasses()
            .that()
            .resideInAnyPackage("dev.culvert.guard", "dev.culvert.handshake")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "io.netty.channel..", "io.vertx..");

    @ArchTest
    static final ArchRule THE_TRAFFICS_FILES_ALONE_TOUCH_THE_INSIDE_OF_VERTX = noClasses()
            .that()
            .haveSimpleNameNotStartingWith("TrafficVertx")
            .and()
            .haveSimpleNameNotStartingWith("TrafficListener")
            .and(topLevelIsNot("TrafficListener"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.core.impl..", "io.vertx.core.net.impl..", "io.vertx.core.http.impl..");

    @ArchTest
    static final ArchRule NO_REFLECTION = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.lang.reflect..")
            .orShould()
            .callMethod(Class.class, "forName", String.class);

    private static ArchRule knows(String room, String... rooms) {
        String[] allowed =
                Arrays.stream(rooms).map(other -> "dev.culvert." + other).toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat(DescribedPredicate.or(
                        DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("dev.culvert..")),
                        JavaClass.Predicates.resideInAnyPackage("dev.culvert", room),
                        JavaClass.Predicates.resideInAnyPackage(allowed)))
                .as(room + " knows " + Arrays.toString(rooms));
    }

    private static DescribedPredicate<JavaClass> topLevelIsNot(String name) {
        return DescribedPredicate.describe(
                "not inside " + name, type -> !type.getName().startsWith("dev.culvert.listener." + name + "$"));
    }
}
