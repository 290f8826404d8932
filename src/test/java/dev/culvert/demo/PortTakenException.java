package dev.culvert.demo;

import java.io.IOException;

/** A port that the demo needs cannot be had. The message is all that a newcomer gets to read, so it says what to do. */
final class PortTakenException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param port the one that could not be bound on 127.0.0.1 */
    PortTakenException(int port, Throwable cause) {
        super(
                "Port " + port + " on 127.0.0.1 cannot be used (" + cause.getMessage()
                        + "). End the program that holds it, then start the demo again.",
                cause);
    }
}
