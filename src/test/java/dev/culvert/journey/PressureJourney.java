package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.SocketConnector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tunnels whose readers do not read: what is held, and that nobody else waits. */
class PressureJourney {
    private static final int TUNNELS = 500;
    private static final long BUFFER = 64 << 10;

    /**
     * In one direction after the other; a tenth more than the payload, since buffers are rounded up and have a few words
     * beside them. What a process has had for one direction stays resident while it holds the other's.
     */
    private static final long MOST_HELD =
            TUNNELS * BUFFER * (Packaging.current() == Packaging.CLASSES ? 1 : 2) * 11 / 10;

    /** Something for each: how much of the last read the kernel still takes is its own choice. */
    private static final long LEAST_HELD = TUNNELS * (4L << 10);

    /** In each socket that is not read, half of what it may hold: then epoll tells of no room. */
    private static final long LEAST_IN_KERNEL = TUNNELS * SocketConnector.MOST_UNSENT / 2;

    private static final String PLAIN = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int MEGABYTE = 1 << 20;

    private static final long SHARED = MEGABYTE;

    /** The native image's heap, which may grow to its end by what a plain answer leaves there. */
    private static final long HEAP = 96 * MEGABYTE;

    /** Twice the bound is all that there is for buffers. A process has its heap beside them. */
    private static final long MOST_SHARED = 2 * SHARED + (Packaging.current() == Packaging.CLASSES ? 0 : HEAP);

    /** Connections are dealt out to event loops in turn. */
    private static final int BYSTANDERS = 4;

    @Test
    @Tag("wire:6.pressure")
    void fiveHundredTunnelsWithoutReadersHoldNoMoreThanTheirBuffersAndOthersAreServed() {
        try (Flood flood = new Flood();
                Culvert culvert = Culvert.start(flood.port(), "tunnel.buffer=64K", "listen.event-loops=2")) {
            List<Ends> bystanders = bystandersBeside(flood, culvert);
            long idle = Await.settled("memory at rest", culvert::memory);

            underPressure(culvert, idle, flood, Flood.Side.APP, bystanders);
            underPressure(culvert, idle, flood, Flood.Side.CLIENT, bystanders);
            bystanders.forEach(Ends::close);
        }
    }

    /** The bound that all share: both directions of all tunnels would hold 32 to 64 MiB. */
    @Test
    @Tag("wire:6.pressure")
    void slowReadersShareOneBoundAndWhoReadsIsServedAndNewTunnelsAreRefusedUntilThereIsRoom() {
        try (Flood flood = new Flood();
                Culvert culvert = Culvert.start(flood.port(), "tunnel.memory=1M", "listen.event-loops=2")) {
            List<Ends> bystanders = bystandersBeside(flood, culvert);
            long idle = Await.settled("memory at rest", culvert::memory);

            fill(culvert, flood, Flood.Side.APP, Flood.Side.CLIENT);
            long pushed = Await.settled("the bytes pushed", () -> {
                bystanders.forEach(PressureJourney::ping);
                assertHeld(culvert, idle, MOST_SHARED);
                flood.push(Flood.Side.APP);
                return flood.push(Flood.Side.CLIENT);
            });

            Await.settled("memory under pressure", () -> assertHeld(culvert, idle, MOST_SHARED));
            assertThat(isFull(culvert)).isTrue();
            bystanders.forEach(PressureJourney::ping);
            Await.until("all that was sent has arrived", () -> {
                flood.pull(Flood.Side.APP);
                return flood.pull(Flood.Side.CLIENT) == pushed;
            });
            assertThat(flood.isAllThere()).isTrue();
            Await.until("there is room again", () -> hasRoom(culvert));

            fill(culvert, flood, Flood.Side.APP, Flood.Side.CLIENT);
            flood.vanish();
            Await.until("what vanished tunnels held is given back", () -> hasRoom(culvert));
            bystanders.forEach(Ends::close);
        }
    }

    /** Plain answers wait for their readers in the same bound. */
    @Test
    @Tag("wire:6.pressure")
    void slowReadersOfPlainAnswersShareTheBoundAndNewRequestsAreRefusedUntilThereIsRoom() {
        try (Flood flood = new Flood();
                Culvert culvert = Culvert.start(flood.port(), "tunnel.memory=1M", "listen.event-loops=2")) {
            for (int i = 0; i < TUNNELS; i++) {
                flood.addDownload(culvert.port());
            }
            long idle = Await.settled("memory at rest", culvert::memory);

            fill(culvert, flood, Flood.Side.APP);
            long pushed = Await.settled("the bytes pushed", () -> {
                assertHeld(culvert, idle, MOST_SHARED);
                return flood.push(Flood.Side.APP);
            });

            Await.settled("memory under pressure", () -> assertHeld(culvert, idle, MOST_SHARED));
            assertThat(isFull(culvert)).isTrue();
            Await.until("all that was sent has arrived", () -> flood.pull(Flood.Side.CLIENT) == pushed);
            assertThat(flood.isAllThere()).isTrue();
            Await.until("there is room again", () -> hasRoom(culvert));
        }
    }

    /** Two for each event loop, each with something said; beside them tunnels whose ends do nothing yet. */
    private static List<Ends> bystandersBeside(Flood flood, Culvert culvert) {
        List<Ends> bystanders = new ArrayList<>();
        for (int i = 0; i < BYSTANDERS; i++) {
            bystanders.add(flood.open(culvert.port()));
        }
        for (int i = 0; i < TUNNELS; i++) {
            flood.add(culvert.port());
        }
        bystanders.forEach(PressureJourney::ping);
        bystanders.forEach(PressureJourney::ping);
        return bystanders;
    }

    private static void fill(Culvert culvert, Flood flood, Flood.Side... from) {
        Await.until("it is full", () -> {
            for (Flood.Side side : from) {
                flood.push(side);
            }
            return isFull(culvert);
        });
    }

    /** Whether requests of both kinds are refused for want of memory; else they wait for an app that does not answer here. */
    private static boolean isFull(Culvert culvert) {
        return isRefused(culvert, UpgradeJourney.CHAT) && isRefused(culvert, PLAIN);
    }

    private static boolean hasRoom(Culvert culvert) {
        return !isRefused(culvert, UpgradeJourney.CHAT) && !isRefused(culvert, PLAIN);
    }

    private static boolean isRefused(Culvert culvert, String request) {
        try (Wire late = Wire.connect(culvert.port())) {
            return !late.send(request).isSilent() && late.readAll().contains("(memory)");
        }
    }

    /** While it is pushed, too: a bound that is gone would end the process before anything settles. */
    private static long assertHeld(Culvert culvert, long idle, long most) {
        long held = culvert.memory() - idle;
        assertThat(held).as("held while nobody reads").isLessThanOrEqualTo(most);
        return held;
    }

    private static void underPressure(Culvert culvert, long idle, Flood flood, Flood.Side from, List<Ends> bystanders) {
        long pushed = Await.settled("the bytes pushed", () -> {
            bystanders.forEach(PressureJourney::ping);
            assertHeld(culvert, idle, MOST_HELD);
            return flood.push(from);
        });
        long held = Await.settled("memory under pressure", () -> assertHeld(culvert, idle, MOST_HELD));

        long inKernel = from == Flood.Side.APP
                ? KernelQueues.unacknowledged(culvert.port(), 0)
                : KernelQueues.unacknowledged(0, flood.port());
        assertThat(inKernel).as("each socket is full").isGreaterThanOrEqualTo(LEAST_IN_KERNEL);
        assertThat(held).as("held, or there was no pressure").isGreaterThanOrEqualTo(LEAST_HELD);
        bystanders.forEach(PressureJourney::ping);
        Await.until("all that was sent has arrived", () -> flood.pull(from.other()) == pushed);
        assertThat(flood.isAllThere()).isTrue();
    }

    private static void ping(Ends ends) {
        ends.client().send("ping");
        assertThat(ends.app().read(4)).isEqualTo("ping");
        ends.app().send("pong");
        assertThat(ends.client().read(4)).isEqualTo("pong");
    }

    /** The kernel's four buffers and our own are all there is; 64 MB find no room in them. */
    @Test
    @Tag("wire:6.pressure")
    void aReaderThatDoesNotReadStopsTheSender() {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port());
                Ends ends = Ends.open(culvert, app)) {
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> sender = Background.run(() -> {
                byte[] piece = new byte[MEGABYTE];
                for (int i = 0; i < 64; i++) {
                    ends.app().send(piece);
                    sent.addAndGet(piece.length);
                }
            });
            long stalledAt = Await.settled("the bytes sent", sent::get);

            assertThat(stalledAt).isLessThan(48L * MEGABYTE);
            assertThat(Arrays.equals(ends.client().readBytes(64 * MEGABYTE), new byte[64 * MEGABYTE]))
                    .isTrue();
            sender.join();
        }
    }
}
