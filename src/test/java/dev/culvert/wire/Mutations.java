package dev.culvert.wire;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Inputs made from good and bad ones by chance: bytes flipped, put in, taken out; slices doubled; words of the protocol put
 * in; two inputs glued or crossed. The same seed gives the same inputs, each on its own: {@code input(i)} needs no {@code
 * input(i - 1)}.
 */
public final class Mutations {
    /** How many inputs the fuzz tests take together; the nightly profile sets more. */
    public static final int INPUTS = Integer.getInteger("fuzz.inputs", 5_000);

    /** Of all inputs. A failure names it, and {@code -Dfuzz.seed} repeats it. */
    public static final long SEED = Long.getLong("fuzz.seed", 20_261_122L);

    private static final int GOOD_TIMES = 8;
    private static final int MOST_STEPS = 6;
    private static final int MOST_BYTES = 4_096;
    private static final List<byte[]> WORDS = words(
            "\\r\\n",
            "\\r",
            "\\n",
            "\\0",
            "\\r\\n\\r\\n",
            " ",
            "\\t",
            ":",
            ",",
            ";",
            "0\\r\\n\\r\\n",
            "3\\r\\nabc\\r\\n",
            "ffffffff\\r\\n",
            "-1",
            "Host: a\\r\\n",
            "Host: b\\r\\n",
            "Content-Length: 3\\r\\n",
            "Content-Length: 0\\r\\n",
            "Transfer-Encoding: chunked\\r\\n",
            "transfer-encoding:Chunked\\r\\n",
            "Transfer-Encoding: gzip\\r\\n",
            "Connection: close\\r\\n",
            "Connection: upgrade\\r\\n",
            "Upgrade: websocket\\r\\n",
            "Upgrade: chatproto\\r\\n",
            "Expect: 100-continue\\r\\n",
            "X: 1\\r\\n 2\\r\\n",
            "HTTP/1.1",
            "HTTP/1.0",
            "HTTP/2.0",
            "HTTP/1.1 200 OK\\r\\n",
            "HTTP/1.1 101 Switching Protocols\\r\\n",
            "HTTP/1.1 100 Continue\\r\\n\\r\\n",
            "HTTP/1.1 304 Not Modified\\r\\n",
            "GET / HTTP/1.1\\r\\n",
            "POST http://a/ HTTP/1.1\\r\\n",
            "\\xff");

    private final List<byte[]> seeds;
    private final long seed;

    /** @param seeds what inputs are made from */
    public Mutations(List<byte[]> seeds, long seed) {
        this.seeds = seeds.stream().filter(s -> s.length <= MOST_BYTES).toList();
        this.seed = seed;
    }

    private static List<byte[]> words(String... words) {
        return Arrays.stream(words).map(Escapes::bytes).toList();
    }

    private Random random(int number) {
        return new Random(seed * 31 + number * 0x9e3779b97f4a7c15L);
    }

    /** The input of this number. */
    public byte[] input(int number) {
        Random random = random(number);
        byte[] input = one(seeds, random);
        for (int steps = random.nextInt(MOST_STEPS); steps >= 0; steps--) {
            input = step(input, random);
        }
        return input.length > MOST_BYTES ? Arrays.copyOf(input, MOST_BYTES) : input;
    }

    /** The same input in the pieces in which it is sent. */
    public List<byte[]> pieces(int number) {
        byte[] input = input(number);
        Random random = random(~number);
        List<byte[]> pieces = new ArrayList<>();
        int from = 0;
        for (int cuts = random.nextInt(4); cuts > 0 && from < input.length; cuts--) {
            int to = from + 1 + random.nextInt(input.length - from);
            pieces.add(Arrays.copyOfRange(input, from, to));
            from = to;
        }
        if (from < input.length) {
            pieces.add(Arrays.copyOfRange(input, from, input.length));
        }
        return pieces;
    }

    private byte[] step(byte[] input, Random random) {
        int at = random.nextInt(input.length + 1);
        int end = at + random.nextInt(Math.min(input.length - at, 40) + 1);
        return switch (random.nextInt(9)) {
            case 0 -> flipped(input, random);
            case 1 -> spliced(input, at, new byte[] {(byte) random.nextInt(256)}, at);
            case 2 -> spliced(input, at, new byte[0], Math.min(at + 1, input.length));
            case 3 -> spliced(input, at, new byte[0], end);
            case 4 -> spliced(input, end, Arrays.copyOfRange(input, at, end), end);
            case 5 -> spliced(input, at, one(WORDS, random), at);
            case 6 -> spliced(input, at, one(WORDS, random), end);
            case 7 -> spliced(input, input.length, one(seeds, random), input.length);
            default -> crossed(input, at, one(seeds, random), random);
        };
    }

    private static byte[] one(List<byte[]> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    private static byte[] flipped(byte[] input, Random random) {
        byte[] flipped = input.clone();
        if (flipped.length > 0) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private static byte[] crossed(byte[] input, int at, byte[] other, Random random) {
        int from = random.nextInt(other.length + 1);
        return spliced(input, at, Arrays.copyOfRange(other, from, other.length), input.length);
    }

    /** The input with the bytes from one place to another replaced. */
    private static byte[] spliced(byte[] input, int from, byte[] between, int to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + between.length);
        out.write(input, 0, from);
        out.writeBytes(between);
        out.write(input, to, input.length - to);
        return out.toByteArray();
    }

    /** What a failure says of its input: enough to repeat it, and the row that it becomes. */
    public String describe(int number) {
        return "fuzz.seed=" + seed + ", input " + number + ": " + Escapes.encode(input(number));
    }

    /** Answers of apps to begin with, good and bad. */
    public static List<byte[]> answers() {
        String ok = "HTTP/1.1 200 OK\\r\\n";
        String switching = "HTTP/1.1 101 Switching Protocols\\r\\n";
        return words(
                ok + "Content-Length: 3\\r\\n\\r\\nabc",
                ok + "Content-Length: 0\\r\\nSet-Cookie: a=1\\r\\nSet-Cookie: b=2\\r\\n\\r\\n",
                ok + "Transfer-Encoding: chunked\\r\\n\\r\\n3\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                ok
                        + "Transfer-Encoding: chunked\\r\\nTrailer: X\\r\\n\\r\\n3;a=b\\r\\nabc\\r\\n0\\r\\nX: 1\\r\\n\\r\\n",
                ok + "Connection: close\\r\\n\\r\\nabc",
                "HTTP/1.0 200 OK\\r\\n\\r\\nabc",
                "HTTP/1.1 204 No Content\\r\\n\\r\\n",
                "HTTP/1.1 304 Not Modified\\r\\nContent-Length: 3\\r\\n\\r\\n",
                "HTTP/1.1 426 Upgrade Required\\r\\nUpgrade: websocket\\r\\nContent-Length: 0\\r\\n\\r\\n",
                "HTTP/1.1 403\\r\\nContent-Length: 1\\r\\n\\r\\nx",
                "HTTP/1.1 100 Continue\\r\\n\\r\\nHTTP/1.1 103 Early Hints\\r\\nLink: </a>\\r\\n\\r\\n" + ok
                        + "Content-Length: 0\\r\\n\\r\\n",
                switching + "Connection: Upgrade\\r\\nUpgrade: chatproto\\r\\n\\r\\n",
                switching + "Connection: Upgrade\\r\\nUpgrade: chatproto\\r\\n\\r\\nbytes of the tunnel",
                switching + "Connection: Upgrade\\r\\nUpgrade: websocket\\r\\nSec-WebSocket-Accept:"
                        + " s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\\r\\n\\r\\n\\x81\\x02hi",
                switching + "\\r\\n",
                ok + "Content-Length: 3\\r\\nContent-Length: 4\\r\\n\\r\\nabc",
                ok + "Content-Length: 3\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\r\\nabc\\r\\n0\\r\\n\\r\\n",
                "<html>hello</html>\\r\\n",
                ok.replace("200", "\\(9*300)") + "\\r\\n");
    }

    /** Requests to begin with: the guard's corpus, its good ones more often, since a mutation makes them bad by itself. */
    public static List<byte[]> requests() {
        List<byte[]> requests = new ArrayList<>();
        for (GuardCorpus.Case row : GuardCorpus.cases()) {
            int times = row.outcome() == GuardCorpus.Outcome.REFUSED ? 1 : GOOD_TIMES;
            requests.addAll(Collections.nCopies(times, row.request()));
        }
        return requests;
    }
}
