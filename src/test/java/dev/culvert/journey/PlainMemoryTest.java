package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.buffer.impl.VertxByteBufAllocator;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/**
 * What plain requests hold in memory when a sender ends its stream before its reader reads. Looks into the process, so it
 * runs in the test's own. The kernel widens a connection's window while it is read fast; only then can much wait, and the
 * end behind it, for a reader that stops.
 */
class PlainMemoryTest {
    private static final int MEGABYTE = 1 << 20;
    private static final int MEGABYTES_64 = 64 << 20;
    private static final int SMALL = 4096;

    /** More than Linux takes for a client that does not read, by as much as it takes of an app that is not read. */
    private static final int REST = 3_600_000;

    private static final int STEP = 64 << 10;

    @Test
    void whatAnEndedClientSentBehindItsRequestIsHeldWithinABound() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + MEGABYTES_64 + "\r\n\r\n");
            Wire behind = app.accept();
            behind.readHead();
            CompletableFuture<Void> bulk = Background.run(() -> client.send(new byte[MEGABYTES_64]));
            behind.readBytes(MEGABYTES_64);
            bulk.join();
            PooledByteBufAllocator server = (PooledByteBufAllocator) VertxByteBufAllocator.POOLED_ALLOCATOR;
            LongSupplier pinned = () -> server.pinnedDirectMemory() + culvert.memory();
            long before = pinned.getAsLong();

            Background.run(() -> client.send(new byte[MEGABYTE / 2]).finish()).join();

            assertThat(Await.settled("the held bytes", pinned) - before).isLessThan(MEGABYTE / 8);
        }
    }

    @Test
    void anAppThatEndsBehindItsAnswerIsNotReadFasterThanTheClientReads() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Wire client = Wire.connect(culvert.port(), SMALL)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Wire behind = app.accept();
            behind.readHead();
            behind.send("HTTP/1.1 200 OK\r\nContent-Length: " + (MEGABYTES_64 + REST) + "\r\n\r\n");
            client.readHead();
            CompletableFuture<Void> bulk = Background.run(() -> behind.send(new byte[MEGABYTES_64]));
            client.readBytes(MEGABYTES_64);
            bulk.join();
            Background.run(() -> behind.send(new byte[REST])).join(); // all of it has room in the kernel
            long before = Await.settled("the heap", PlainMemoryTest::heap);

            behind.finish();

            assertThat(Await.settled("the heap", PlainMemoryTest::heap) - before)
                    .isLessThan(MEGABYTE / 4);
            assertThat(client.readBytes(REST)).hasSize(REST);
        }
    }

    /** Where Vert.x holds what a reader has not taken; in steps, since a collection leaves a little more or less. */
    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / STEP * STEP;
    }
}
