package dev.culvert.config;

/** When a handshake that lost its {@code Upgrade} or {@code Connection} field on the way is restored. */
public enum RestoreMode {
    /** Only where the hop in front cannot reuse the connection: HTTP/1.0 without keep-alive, or Connection: close. */
    SAFE,
    /** On the evidence of the handshake alone. */
    ALWAYS,
    /** Never. */
    OFF
}
