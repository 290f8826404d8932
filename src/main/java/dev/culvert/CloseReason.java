package dev.culvert;

/** Why a tunnel ended. Every tunnel ends with exactly one of them. */
public enum CloseReason {
    /** Both sides ended their stream, the client first. */
    CLIENT_CLOSED("client_closed"),
    /** Both sides ended their stream, the app first. */
    APP_CLOSED("app_closed"),
    /** The client's connection was reset, or its host vanished. */
    CLIENT_RESET("client_reset"),
    /** The app's connection was reset. */
    APP_RESET("app_reset"),
    /** No byte in either direction for the idle timeout. */
    IDLE("idle"),
    /** The tunnel reached its maximum lifetime. */
    LIFETIME("lifetime"),
    /** One side had ended its stream, and the other was silent for the linger time. */
    LINGER("linger"),
    /** Ended on request while the process drains. */
    DRAINED("drained"),
    /** Still open when the drain's time was up. */
    DRAIN_DEADLINE("drain_deadline"),
    /** A fault of our own. */
    ERROR("error");

    private final String label;

    CloseReason(String label) {
        this.label = label;
    }

    /** The name in log lines and meters: lower case, words joined by an underscore. */
    public String label() {
        return label;
    }
}
