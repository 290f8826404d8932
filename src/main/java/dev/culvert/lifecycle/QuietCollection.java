package dev.culvert.lifecycle;

import org.graalvm.nativeimage.RuntimeOptions;

/**
 * A collection for a moment at which nobody makes objects: the room for new ones is given back to the kernel, too, which the
 * collector keeps otherwise, since it comes when objects are made. In a native image only: nowhere else may this class be
 * loaded.
 */
final class QuietCollection {
    /** GraalVM's name of the bound for what it keeps, 0 for as much as new objects have room for. */
    private static final String KEPT = "MaxHeapFree";

    private static final long LITTLE = 1 << 20;
    private static final long AS_USUAL = 0;

    private QuietCollection() {}

    /** Collects; everything stops meanwhile. */
    static void run() {
        RuntimeOptions.set(KEPT, LITTLE);
        System.gc();
        RuntimeOptions.set(KEPT, AS_USUAL);
    }
}
