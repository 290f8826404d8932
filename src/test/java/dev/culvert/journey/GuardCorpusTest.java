package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.wire.GuardCorpus;
import dev.culvert.wire.GuardCorpus.Case;
import dev.culvert.wire.GuardCorpus.Outcome;
import dev.culvert.wire.Message;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.function.ThrowingConsumer;

/**
 * The differential rule: nothing of a refused request reaches the app, of an accepted one exactly that request does, and of
 * one with a bad body never the whole; the log has one line for each refusal, and none for what was accepted. The rows are in {@code guard/*.txt}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GuardCorpusTest {
    private static final List<Case> CASES = GuardCorpus.cases();

    private static final int QUIET_MILLIS = 100;
    private static final int PATIENCE_MILLIS = 2_000;

    private static RecordingApp app;
    private static Culvert culvert;

    @BeforeAll
    static void start() {
        app = new RecordingApp();
        culvert = Culvert.start(app.port(), "limits.header-timeout=1s");
    }

    @AfterAll
    static void stop() {
        culvert.close();
        app.close();
    }

    private static Stream<DynamicTest> rows(Outcome outcome, ThrowingConsumer<Case> test) {
        return CASES.stream()
                .filter(row -> row.outcome() == outcome)
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> test.accept(row)));
    }

    @Test
    @Order(0)
    void thereAreFourHundredMalformedRequestsAtLeastNoTwoTheSame() {
        assertThat(CASES.stream()
                        .filter(row -> row.outcome() == Outcome.REFUSED)
                        .map(Case::written)
                        .distinct())
                .hasSizeGreaterThanOrEqualTo(400);
    }

    @TestFactory
    @Order(1)
    Stream<DynamicTest> aRefusedRequestIsAnsweredAndNothingOfItReachesTheApp() {
        return rows(Outcome.REFUSED, GuardCorpusTest::refused);
    }

    private static void refused(Case row) {
        long bytes = app.bytes();
        List<String> before = refusals();
        try (Wire client = Wire.connect(culvert.port())) {
            client.send(row.request());

            String answer = client.readAll();

            if (row.status() == 0) {
                assertThat(answer).isEmpty();
            } else {
                assertThat(answer).startsWith("HTTP/1.1 " + row.status() + " ").contains("\r\nConnection: close\r\n");
                assertThat(answer.split("\r\n\r\n", -1)).hasSize(2); // one answer, and not a second one
            }
        }
        assertThat(app.bytes()).isEqualTo(bytes);
        assertOneMore(before, row.status());
    }

    /** The log has one refusal more than before, with this status. */
    private static void assertOneMore(List<String> before, int status) {
        Await.until("the refusal is logged", () -> refusals().size() > before.size());
        assertThat(refusals()).hasSize(before.size() + 1).last().asString().contains(" status=" + status + " ");
    }

    private static List<String> refusals() {
        return culvert.log().stream()
                .filter(line -> line.contains("request.refused"))
                .toList();
    }

    @TestFactory
    @Order(2)
    Stream<DynamicTest> ofAnAcceptedRequestExactlyThatOneReachesTheApp() {
        return rows(Outcome.ACCEPTED, GuardCorpusTest::accepted);
    }

    private static void accepted(Case row) {
        app.forget();
        List<String> seen = row.seen();
        List<String> before = refusals();
        try (Wire client = Wire.connect(culvert.port())) {
            client.send(row.request());

            String head = client.readHead();
            while (head.startsWith("HTTP/1.1 1")) {
                head = client.readHead();
            }
            assertThat(head).matches("(?s)HTTP/1\\.[01] 200 .*");
            row.then().ifPresent(then -> behind(then, client));
        }
        if (row.then().isPresent() && row.then().get().matches("[0-9]+")) {
            assertOneMore(before, Integer.parseInt(row.then().get()));
        } else {
            assertThat(refusals()).isEqualTo(before);
        }
        assertThat(app.malformed()).isEmpty();
        assertThat(app.requests()).hasSize(1);
        Message request = app.requests().get(0);
        assertThat(request.method()).isEqualTo(seen.get(0));
        assertThat(request.target()).isEqualTo(seen.get(1));
        assertThat(request.values("Host")).hasSize(1);
        if (!seen.get(2).equals("*")) {
            assertThat(request.values("Host")).containsExactly(seen.get(2));
        }
        assertThat(request.body()).isEqualTo(seen.get(3));
    }

    private static void behind(String then, Wire client) {
        String rest = client.readAll();
        if (then.matches("[1-9][0-9]+")) {
            assertThat(rest).startsWith("HTTP/1.1 " + then + " ");
        } else {
            assertThat(rest).isEmpty();
        }
    }

    @TestFactory
    @Order(3)
    Stream<DynamicTest> aBadBodyEndsTheConnectionAndIsNeverAWholeRequest() {
        return rows(Outcome.CUT, row -> truncated(row, false));
    }

    @TestFactory
    @Order(4)
    Stream<DynamicTest> aBodyThatEndsShortIsNeverAWholeRequest() {
        return rows(Outcome.SHORT, row -> truncated(row, true));
    }

    private static void truncated(Case row, boolean ends) throws SocketException {
        app.forget();
        try (Wire client = Wire.connect(culvert.port())) {
            client.send(row.request());
            if (ends) {
                client.socket().setSoTimeout(QUIET_MILLIS);
                assertThat(client.ending()).as("Culvert waits for the rest").isEqualTo("open");
                client.finish();
            }
            client.socket().setSoTimeout(PATIENCE_MILLIS);
            assertThat(client.ending()).isIn("end", "reset");
        }
        Await.until("the app hears of the end", () -> !app.isWaiting());
        assertThat(app.requests()).isEmpty();
        assertThat(app.malformed()).isEmpty();
    }
}
