package dev.culvert.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the kernel says of a process: {@code /proc}. */
final class ProcessFiles {
    private ProcessFiles() {}

    /** Its open files and sockets. */
    static long descriptors(long pid) {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those that are not of {@code /proc}, which are open for a moment only. */
    static long lastingDescriptors(long pid) {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return files.filter(ProcessFiles::isLasting).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isLasting(Path descriptor) {
        try {
            return !Files.readSymbolicLink(descriptor).startsWith("/proc");
        } catch (IOException e) {
            return false; // closed since the list was made
        }
    }

    /** Its resident memory in bytes. */
    static long residentBytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            String kilobytes = lines.filter(line -> line.startsWith("VmRSS:"))
                    .findFirst()
                    .orElseThrow()
                    .replaceAll("[^0-9]", "");
            return Long.parseLong(kilobytes) << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
