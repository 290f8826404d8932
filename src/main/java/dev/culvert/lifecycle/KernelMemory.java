package dev.culvert.lifecycle;

import org.graalvm.nativeimage.c.function.CFunction;

/** Calls of the C library, in a native image only: nowhere else may this class be loaded. */
final class KernelMemory {
    private static final int MADV_DONTNEED = 4;

    private KernelMemory() {}

    /**
     * Drops pages from the process; those of a file are read again when they are touched.
     *
     * @param address of a page
     * @param bytes whole pages
     */
    static void giveBack(long address, long bytes) {
        madvise(address, bytes, MADV_DONTNEED);
    }

    /** Bytes of a page. */
    static int pageBytes() {
        return getpagesize();
    }

    @CFunction(transition = CFunction.Transition.NO_TRANSITION)
    private static native int getpagesize();

    @CFunction(transition = CFunction.Transition.NO_TRANSITION)
    private static native int madvise(long address, long bytes, int advice);
}
