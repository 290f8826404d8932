package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.CHAT_101;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a tunnel holds in memory. Looks into the process, so it runs in the test's own. */
class TunnelMemoryTest {
    private static final int MEGABYTES_4 = 4 << 20;
    private static final int MEGABYTES_64 = 64 << 20;
    private static final int PIECE = 16 << 10;
    private static final int BUFFER = 64 << 10;

    /** A pooled buffer is rounded up, and its arena counts whole runs. */
    private static final int ROUNDING = 2;

    @Test
    void aSenderThatEndsItsStreamIsStillNotReadFasterThanItsReaderReads() {
        try (App app = new App(16 << 10);
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send(CHAT);
            Wire behind = app.accept();
            behind.readHead();
            behind.send(CHAT_101);
            client.readHead();
            // The kernel widens a connection's window while it is read fast; only then can much wait behind a reader
            // that stops.
            CompletableFuture<Void> bulk = Background.run(() -> client.send(new byte[MEGABYTES_64]));
            behind.readBytes(MEGABYTES_64);
            bulk.join();
            long before = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();

            CompletableFuture<Void> rest =
                    Background.run(() -> client.send(new byte[MEGABYTES_4]).finish());
            Await.settled("the bytes that nobody reads", () -> unacknowledged(client));
            AtomicInteger read = new AtomicInteger();
            Await.until("the rest, and the end, has room in the kernel", () -> {
                read.addAndGet(behind.readBytes(PIECE).length);
                return rest.isDone() && unacknowledged(client) == 0;
            });
            Await.settled("the held bytes", PooledByteBufAllocator.DEFAULT::pinnedDirectMemory);

            assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() - before)
                    .isLessThanOrEqualTo(BUFFER * ROUNDING);
            assertThat(behind.readAllBytes()).hasSize(MEGABYTES_4 - read.get());
        }
    }

    private static long unacknowledged(Wire client) {
        return KernelQueues.unacknowledged(
                client.socket().getLocalPort(), client.socket().getPort());
    }
}
