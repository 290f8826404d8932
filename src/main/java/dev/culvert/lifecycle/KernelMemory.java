package dev.culvert.lifecycle;

import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.word.PointerBase;
import org.graalvm.word.UnsignedWord;
import org.graalvm.word.WordFactory;

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
        madvise(WordFactory.pointer(address), WordFactory.unsigned(bytes), MADV_DONTNEED);
    }

    @CFunction(transition = CFunction.Transition.NO_TRANSITION)
    private static native int madvise(PointerBase address, UnsignedWord bytes, int advice);
}
