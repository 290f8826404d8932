package dev.culvert.lifecycle;

import sun.misc.Signal;

/**
 * The signal by which a process is asked to end. Java has no other way to hear one: a shutdown hook runs when the end has
 * begun, and never hears of a second one. javac warns of {@link Signal} and lets nobody suppress that, so this class is
 * compiled by itself. Thread-safe.
 */
final class Sigterm {
    private static Runnable handler;
    private static boolean waits;

    private Sigterm() {}

    /** From now on the first one waits for whoever handles it, in place of ending the process; a second one ends it. */
    static void hold() {
        Signal.handle(new Signal("TERM"), signal -> came(signal.getNumber()));
    }

    /** Runs the action each time it comes, or has come, on a thread of its own. */
    static synchronized void handle(Runnable action) {
        handler = action;
        hold();
        if (waits) {
            new Thread(action, "SIGTERM").start();
        }
    }

    private static synchronized void came(int number) {
        if (handler != null) {
            handler.run();
        } else if (waits) {
            Runtime.getRuntime().halt(128 + number); // what a shell says of a process that a signal ended
        } else {
            waits = true;
        }
    }
}
