package dev.culvert.wire;

import java.io.IOException;

/** These bytes are no HTTP/1.1. */
public final class MalformedException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedException(String what) {
        super(what);
    }
}
