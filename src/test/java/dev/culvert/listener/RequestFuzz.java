package dev.culvert.listener;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.wire.Mutations;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The property of {@link RequestFuzzTest} under a fuzzer that is led by coverage, from the corpus on. Not among the tests of
 * a build, since Jazzer instruments the whole JVM and fuzzes one test a process: the nightly profile runs it on its own.
 */
class RequestFuzz {
    static Stream<byte[]> corpus() {
        return Mutations.requests().stream().distinct();
    }

    @MethodSource("corpus")
    @FuzzTest(maxDuration = "30m")
    void whateverIsAcceptedAStrictReaderReadsInTheSameWay(byte[] input) {
        if (input.length > 0) {
            RequestFuzzTest.holds(input, List.of(input));
        }
    }
}
