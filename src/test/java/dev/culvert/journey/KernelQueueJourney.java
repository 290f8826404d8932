package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.SocketConnector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the kernel holds for readers that do not read: a pod is charged for it, and a node has one bound for all of it. */
@Tag("wire:6.pressure")
class KernelQueueJourney {
    /** What is under way comes on top: as much as small receive buffers and the kernel's own beginning of a window take. */
    private static final long MOST_HELD = 2 * SocketConnector.MOST_UNSENT;

    /** Half of the bound: less, and there was no pressure. */
    private static final long LEAST_HELD = SocketConnector.MOST_UNSENT / 2;

    @Test
    void aTunnelsClientThatDoesNotReadHoldsLittleOfTheKernel() {
        try (Flood flood = new Flood();
                Culvert culvert = Culvert.start(flood.port())) {
            flood.add(culvert.port());
            stalled(flood, Flood.Side.APP);

            assertBounded(KernelQueues.unacknowledged(culvert.port(), 0));
        }
    }

    @Test
    void aTunnelsAppThatDoesNotReadHoldsLittleOfTheKernel() {
        try (Flood flood = new Flood();
                Culvert culvert = Culvert.start(flood.port())) {
            flood.add(culvert.port());
            stalled(flood, Flood.Side.CLIENT);

            assertBounded(KernelQueues.unacknowledged(0, flood.port()));
        }
    }

    @Test
    void aPlainAnswerThatNobodyReadsHoldsLittleOfTheKernel() {
        try (Flood flood = new Flood();
                Culvert culvert = Culvert.start(flood.port())) {
            flood.addDownload(culvert.port());
            stalled(flood, Flood.Side.APP);

            assertBounded(KernelQueues.unacknowledged(culvert.port(), 0));
        }
    }

    @Test
    void aPlainUploadThatNobodyReadsHoldsLittleOfTheKernel() {
        AtomicLong sent = new AtomicLong();
        try (Hop hop = new Hop()) {
            Wire behind = hop.ask("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + (1 << 28) + "\r\n\r\n");
            behind.readHead();
            CompletableFuture<Void> upload = HostilityJourney.flood(hop.client(), new byte[64 << 10], sent);
            Await.settled("the bytes sent", sent::get);

            assertBounded(KernelQueues.unacknowledged(0, behind.socket().getLocalPort()));
            hop.client().reset();
            upload.join();
        }
    }

    private static void stalled(Flood flood, Flood.Side from) {
        Await.settled("the bytes pushed", () -> flood.push(from));
    }

    private static void assertBounded(long held) {
        assertThat(held).as("bytes the kernel holds").isBetween(LEAST_HELD, MOST_HELD);
    }
}
