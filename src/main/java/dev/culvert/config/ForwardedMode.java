package dev.culvert.config;

/** How the fields that name the client are set. */
public enum ForwardedMode {
    /** The peer is added to what it sent, if it is trusted; else as {@link #REPLACE}. */
    APPEND,
    /** What came is dropped, and only the peer is named. */
    REPLACE,
    /** The fields are passed on as they came. */
    OFF
}
