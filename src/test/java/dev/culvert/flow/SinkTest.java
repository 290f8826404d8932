package dev.culvert.flow;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.SocketReader;
import io.netty.channel.epoll.SocketTakeover;
import io.netty.channel.epoll.TunnelSocket;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a socket of the kernel's, which takes what it has room for. */
@Timeout(60)
class SinkTest {
    private static final int MEGABYTES_32 = 32 << 20;
    private static final long SEED = 7;

    private final TurnBuffers buffers = new TurnBuffers();
    private Loopback loopback;
    private Socket peer;
    private TunnelSocket socket;
    private Sink sink;

    @BeforeEach
    void connect() throws Exception {
        loopback = new Loopback();
        peer = loopback.peer();
        socket = loopback.call(() -> SocketTakeover.of(loopback.channel(), false));
        sink = new Sink(socket);
    }

    @AfterEach
    void close() throws Exception {
        loopback.close();
    }

    private ByteBuf read(String text) {
        return buffers.lend(text.length()).writeBytes(text.getBytes(US_ASCII));
    }

    private String received(int bytes) throws IOException {
        return new String(peer.getInputStream().readNBytes(bytes), US_ASCII);
    }

    @Test
    void aMessageGoesOutByAFlushAndItsBufferComesBack() throws Exception {
        ByteBuf message = loopback.call(() -> read("message"));
        loopback.run(() -> {
            sink.write(message);
            sink.flush();
            assertThat(message.refCnt()).isZero();
            assertThat(sink.pending()).isZero();
        });

        assertThat(received(7)).isEqualTo("message");
        assertThat(buffers.lend(7)).isSameAs(message);
    }

    @Test
    void severalMessagesOfATurnGoOutInTheirOrder() throws Exception {
        loopback.run(() -> {
            sink.write(read("one,"));
            sink.write(read(""));
            sink.write(Unpooled.buffer().writeBytes("two,".getBytes(US_ASCII)));
            sink.write(read("three,"));
            sink.queue().write(read("four"), socket.unsafe().voidPromise());
            sink.flush();
        });

        assertThat(received(18)).isEqualTo("one,two,three,four");
    }

    @Test
    void whatTheSocketDoesNotTakeWaitsInItsOrder() throws Exception {
        byte[] all = new byte[MEGABYTES_32];
        new Random(SEED).nextBytes(all);
        boolean waited = loopback.call(() -> {
            Random sizes = new Random(SEED);
            for (int sent = 0; sent < all.length; ) {
                int size = Math.min(all.length - sent, 1 + sizes.nextInt(TurnBuffers.SIZE));
                sink.write(buffers.lend(size).writeBytes(all, sent, size));
                sent += size;
                if (sizes.nextBoolean()) {
                    sink.flush();
                }
            }
            sink.flush();
            return sink.pending() > 0;
        });

        byte[] received = peer.getInputStream().readNBytes(all.length);

        assertThat(waited).isTrue();
        assertThat(Arrays.equals(received, all)).isTrue();
    }

    @Test
    void aMessageThatTheSocketTakesAPartOfIsSentOn() throws Exception {
        byte[] much = new byte[MEGABYTES_32];
        new Random(SEED).nextBytes(much);
        loopback.run(() -> {
            sink.write(Unpooled.directBuffer(much.length).writeBytes(much));
            sink.flush();
            assertThat(sink.pending()).isPositive();
            sink.write(read("behind"));
            sink.flush();
        });

        byte[] received = peer.getInputStream().readNBytes(much.length);
        assertThat(Arrays.equals(received, much)).isTrue();
        assertThat(received(6)).isEqualTo("behind");
    }

    @Test
    void toAClosedSocketNothingIsSentAndNothingIsKept() throws Exception {
        ByteBuf before = loopback.call(() -> read("before"));
        ByteBuf behind = loopback.call(() -> read("behind"));
        loopback.run(() -> {
            sink.write(before);
            socket.close();
            sink.flush();
            sink.write(behind);
            sink.flush();
        });

        assertThat(before.refCnt()).isZero();
        assertThat(behind.refCnt()).isZero();
        assertThat(peer.getInputStream().read()).isNegative();
    }

    @Test
    void aFailureClosesTheSocketAndIsTold() throws Exception {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        peer.setSoLinger(true, 0);
        loopback.run(socket::pause);
        loopback.run(() -> socket.setReader(new Told(told)));
        peer.close();
        ByteBuf message = loopback.call(() -> read("message"));
        loopback.run(() -> {
            sink.write(message);
            sink.flush();
        });

        assertThat(told.get(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(message.refCnt()).isZero();
    }

    @Test
    void whenAllIsSentIsAtOnceWhereTheSocketTakesIt() throws Exception {
        List<String> order = new ArrayList<>();
        loopback.run(() -> {
            sink.write(read("message"));
            sink.whenSent(() -> order.add("sent"));
            order.add("back");
        });

        assertThat(order).containsExactly("sent", "back");
        assertThat(received(7)).isEqualTo("message");
    }

    @Test
    void whenAllIsSentIsLaterWhereTheSocketDoesNotTakeIt() throws Exception {
        byte[] much = new byte[MEGABYTES_32];
        CompletableFuture<String> sent = new CompletableFuture<>();
        loopback.run(() -> {
            sink.write(Unpooled.directBuffer(much.length).writeBytes(much));
            sink.whenSent(() -> sent.complete("sent"));
        });
        assertThat(sent).isNotDone();

        assertThat(peer.getInputStream().readNBytes(much.length)).hasSize(much.length);
        assertThat(sent.get(10, TimeUnit.SECONDS)).isEqualTo("sent");
    }

    private final class Told implements SocketReader {
        private final CompletableFuture<Throwable> fault;

        Told(CompletableFuture<Throwable> fault) {
            this.fault = fault;
        }

        @Override
        public ByteBuf buffer() {
            return buffers.lend(1);
        }

        @Override
        public void read(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void readComplete() {
            // nothing is kept
        }

        @Override
        public void ended() {
            // and so ends a stream without a fault
        }

        @Override
        public void closed() {
            fault.complete(new IOException("closed"));
        }

        @Override
        public void failed(Throwable cause) {
            fault.complete(cause);
        }
    }
}
