package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.wire.Escapes;
import dev.culvert.wire.Message;
import dev.culvert.wire.StrictReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** One side of a {@link Conversation}. What it sends it sends in the background where the kernel may not take it at once. */
final class Peer implements AutoCloseable {
    private static final int TAKEN_AT_ONCE = 16 << 10;
    private static final int SHOWN = 400;

    private final String name;
    private final Wire wire;
    private CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);
    private boolean ended;
    private boolean over;

    /** @param name of the side in a failure */
    Peer(String name, Wire wire) {
        this.name = name;
        this.wire = wire;
    }

    Wire wire() {
        return wire;
    }

    void send(String text) {
        if (text.length() <= TAKEN_AT_ONCE && sending.isDone()) {
            wire.send(text);
        } else {
            sending = Background.runAfter(sending, () -> wire.send(text));
        }
    }

    /** Ends this side's stream behind all that it sends. */
    void end() {
        if (!ended && !over) {
            ended = true;
            sending = sending.thenRun(wire::finish);
        }
    }

    /** At once, whatever is still to be sent. */
    void reset() {
        over = true;
        wire.reset();
    }

    /** Reads exactly these bytes. */
    void get(String expected) {
        byte[] wanted = Escapes.latin1(expected);
        byte[] got = read(wanted);
        if (!Arrays.equals(got, wanted)) {
            int from = Math.max(0, Arrays.mismatch(got, wanted) - SHOWN / 2);
            assertThat(shown(got, from))
                    .as("what %s gets, from byte %d on", name, from)
                    .isEqualTo(shown(wanted, from));
        }
    }

    private static String shown(byte[] bytes, int from) {
        byte[] part = Arrays.copyOfRange(bytes, Math.min(from, bytes.length), Math.min(from + SHOWN, bytes.length));
        return Escapes.encode(part).replace("\\r\\n", "\\r\\n\n");
    }

    /** As many bytes as are wanted, or what came before the end or a byte that is not. */
    private byte[] read(byte[] wanted) {
        ByteArrayOutputStream got = new ByteArrayOutputStream(wanted.length);
        byte[] piece = new byte[64 << 10];
        try {
            InputStream in = wire.in();
            boolean right = true;
            while (right && got.size() < wanted.length) {
                int count = in.read(piece, 0, Math.min(piece.length, wanted.length - got.size()));
                if (count < 0) {
                    return got.toByteArray();
                }
                int from = got.size();
                right = Arrays.equals(piece, 0, count, wanted, from, from + count);
                got.write(piece, 0, count);
            }
            if (!right) {
                got.writeBytes(in.readNBytes(in.available())); // for the failure's sake
            }
        } catch (SocketTimeoutException e) {
            got.writeBytes(Escapes.latin1("… and no more"));
        } catch (IOException e) {
            got.writeBytes(Escapes.latin1(" " + e));
        }
        return got.toByteArray();
    }

    /** Reads a head with these lines; the order of its fields and their letter case do not count, nor does Date. */
    void getHead(String expected) {
        assertThat(comparable(wire.readHead()))
                .as("the head that %s gets", name)
                .isEqualTo(comparable(expected));
    }

    private static List<String> comparable(String head) {
        List<String> lines = head.lines().toList();
        return java.util.stream.Stream.concat(
                        lines.stream().limit(1),
                        lines.stream()
                                .skip(1)
                                .map(Peer::lowerName)
                                .filter(line -> !line.startsWith("date:"))
                                .sorted())
                .toList();
    }

    private static String lowerName(String line) {
        int colon = line.indexOf(':') + 1;
        return line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon);
    }

    /** Reads a chunked body to its end. */
    void getChunks(String expected) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(expected.length());
        while (true) {
            int size = Integer.parseInt(line(), 16);
            body.writeBytes(wire.readBytes(size));
            assertThat(line()).as("behind a chunk").isEmpty();
            if (size == 0) {
                break;
            }
        }
        assertThat(Arrays.equals(body.toByteArray(), Escapes.latin1(expected)))
                .as("the body that %s gets", name)
                .isTrue();
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        while (!line.toString().endsWith("\r\n")) {
            line.append(wire.read(1));
        }
        return line.substring(0, line.length() - 2);
    }

    /** The other side's stream ends here, without another byte. */
    void getEnd() {
        byte[] rest = wire.readAllBytes();
        assertThat(shown(rest, 0)).as("what %s gets before the end", name).isEmpty();
    }

    /** Reads an answer of Culvert's own, whole and alone, and the end of the connection. */
    void getRefusal(String status, String reason) {
        byte[] all = wire.readAllBytes();
        StrictReader reader = new StrictReader(new ByteArrayInputStream(all));
        try {
            Message answer = reader.answer(false).orElseThrow(() -> new AssertionError("no answer"));
            assertThat(answer.startLine()).startsWith("HTTP/1.1 " + status + " ");
            assertThat(answer.values("Connection")).containsExactly("close");
            assertThat(answer.values("Retry-After")).hasSize(status.equals("503") ? 1 : 0);
            assertThat(answer.values("Allow")).hasSize(status.equals("405") ? 1 : 0); // RFC 9110 §15.5.6
            assertThat(answer.body()).startsWith("culvert: ").endsWith(" (" + reason + ")\n");
            assertThat(reader.answer(false)).as("another answer").isEmpty();
        } catch (IOException e) {
            throw new AssertionError("no whole answer: " + shown(all, 0), e);
        }
    }

    /** The connection is reset; what came before is lost. The kernel tells it once: to the reader, or to the sender. */
    void getReset() {
        over = true;
        String ending = wire.ending();
        boolean told = ending.equals("end")
                && sending.handle((sent, cut) -> cut != null).join();
        assertThat(told ? "reset" : ending).as("what %s gets", name).isEqualTo("reset");
    }

    /** The other side gives the connection up in the middle: with a reset if it left bytes unread, else with an end. */
    void getsGone() {
        over = true;
        assertThat(wire.ending()).as("what %s gets", name).isIn("end", "reset");
    }

    /** Behind the end of the other side's stream a reset shows only in that nothing can be sent any more. */
    void isCutOff() {
        over = true;
        Await.until(name + " can send no more", () -> {
            try {
                wire.send("x");
                return false;
            } catch (UncheckedIOException e) {
                return true;
            }
        });
    }

    /** What is still to be said: the end of this side's stream, and nothing of the other's but its end. */
    void finish() {
        if (over) {
            return;
        }
        end();
        getEnd();
        sending.join();
    }

    @Override
    public void close() {
        wire.close();
    }
}
