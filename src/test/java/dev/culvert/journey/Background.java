package dev.culvert.journey;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Work that may block, each piece on a thread of its own. The common pool, which {@link CompletableFuture} takes where no
 * executor is named, has a single thread on two CPUs: a sender that waits for its reader would keep the next from starting.
 */
final class Background {
    private Background() {}

    static CompletableFuture<Void> run(Runnable work) {
        return CompletableFuture.runAsync(work, Background::start);
    }

    static <T> CompletableFuture<T> supply(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, Background::start);
    }

    static CompletableFuture<Void> runAfter(CompletableFuture<?> first, Runnable work) {
        return first.thenRunAsync(work, Background::start);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "background");
        thread.setDaemon(true);
        thread.start();
    }
}
