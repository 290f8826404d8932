package dev.culvert.lifecycle;

import sun.misc.Signal;

/**
 * The signal by which a process is asked to end. Java has no other way to hear one: a shutdown hook runs when the end has
 * begun, and never hears of a second one. javac warns of {@link Signal} and lets nobody suppress that, so this class is
 * compiled by itself.
 */
final class Sigterm {
    private Sigterm() {}

    /** Runs the action each time it comes, on a thread of its own, in place of ending the process. */
    static void handle(Runnable action) {
        Signal.handle(new Signal("TERM"), signal -> action.run());
    }
}
