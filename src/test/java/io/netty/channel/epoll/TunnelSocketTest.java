package io.netty.channel.epoll;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.flow.Loopback;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a socket of the kernel's. */
@Timeout(60)
class TunnelSocketTest {
    private static final int MEGABYTES_8 = 8 << 20;
    private static final int ROOM = 1 << 10;
    private static final long SEED = 7;

    private final Reads reads = new Reads();
    private Loopback loopback;
    private Channel channel;
    private Socket peer;

    private static class Reads implements SocketReader {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<String> end = new CompletableFuture<>();
        private final Queue<String> ends = new ConcurrentLinkedQueue<>();
        private volatile int count;
        private volatile int completed;

        @Override
        public ByteBuf buffer() {
            return Unpooled.directBuffer(ROOM, ROOM);
        }

        @Override
        public void read(ByteBuf read) {
            byte[] copy = new byte[read.readableBytes()];
            read.readBytes(copy).release();
            bytes.writeBytes(copy);
            count = bytes.size();
        }

        @Override
        public void readComplete() {
            completed = count;
        }

        @Override
        public void ended() {
            ends("ended");
        }

        @Override
        public void closed() {
            ends("closed");
        }

        @Override
        public void failed(Throwable cause) {
            ends("failed");
        }

        private void ends(String how) {
            ends.add(how);
            end.complete(how);
        }

        String end() throws Exception {
            return end.get(20, TimeUnit.SECONDS);
        }

        void await(int bytes) throws InterruptedException {
            while (completed < bytes) {
                Thread.sleep(1);
            }
        }
    }

    @BeforeEach
    void connect() throws Exception {
        loopback = new Loopback();
        channel = loopback.channel();
        peer = loopback.peer();
    }

    @AfterEach
    void close() throws Exception {
        loopback.close();
    }

    private TunnelSocket take() throws Exception {
        return loopback.call(() -> {
            TunnelSocket socket = SocketTakeover.of(channel, false);
            socket.setReader(reads);
            return socket;
        });
    }

    /** All that the event loop has to do by now is done. */
    private void turn() throws Exception {
        loopback.run(() -> {});
        loopback.run(() -> {});
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new Random(SEED).nextBytes(random);
        return random;
    }

    @Test
    void whatTheChannelHadNotSentGoesOutFirst() throws Exception {
        loopback.run(() -> {
            channel.write(text("one,"));
            channel.write(text("two,"));
            TunnelSocket socket = SocketTakeover.of(channel, false);
            socket.writeAndFlush(text("three"));
        });

        assertThat(new String(peer.getInputStream().readNBytes(13), US_ASCII)).isEqualTo("one,two,three");
    }

    @Test
    void theChannelIsClosedAndItsPeerHearsNothingOfIt() throws Exception {
        CompletableFuture<String> closed = new CompletableFuture<>();
        SocketTakeover.whenClosed(channel, () -> closed.complete("closed"));
        TunnelSocket socket = take();
        channel.closeFuture().sync();

        peer.getOutputStream().write("hello".getBytes(US_ASCII));
        reads.await(5);
        assertThat(closed).isNotDone();
        assertThat(peer.getInputStream().available()).isZero();

        loopback.run(socket::close);
        assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo("closed");
        assertThat(peer.getInputStream().read()).isNegative();
        assertThat(reads.end).isNotDone();
    }

    @Test
    void aWriteThatClosesTheChannelBehindItIsNotTheConnectionsEnd() throws Exception {
        CompletableFuture<String> closed = new CompletableFuture<>();
        SocketTakeover.whenClosed(channel, () -> closed.complete("closed"));
        byte[] bytes = random(MEGABYTES_8);
        loopback.run(() -> channel.write(Unpooled.wrappedBuffer(bytes)).addListener(written -> channel.close()));
        TunnelSocket socket = take();
        channel.closeFuture().sync();
        turn();
        assertThat(closed).isNotDone();

        loopback.run(socket::flush);
        assertThat(peer.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
        loopback.run(socket::close);
        assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo("closed");
    }

    @Test
    void aChannelThatStaysOneTellsOfItsOwnEnd() throws Exception {
        CompletableFuture<String> closed = new CompletableFuture<>();
        SocketTakeover.whenClosed(channel, () -> closed.complete("closed"));

        channel.close().sync();

        assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo("closed");
    }

    @Test
    void ofAClosedChannelTheSocketIsClosedAndKeepsNothing() throws Exception {
        channel.close().sync();
        TunnelSocket socket = take();
        ByteBuf lost = text("lost");

        boolean idle = loopback.call(() -> {
            socket.writeAndFlush(lost);
            return socket.isIdle();
        });

        assertThat(socket.isOpen()).isFalse();
        assertThat(idle).isFalse();
        assertThat(lost.refCnt()).isZero();
    }

    @Test
    void moreThanIsReadInARowIsReadToItsEnd() throws Exception {
        take();
        byte[] much = random(MEGABYTES_8);
        peer.getOutputStream().write(much);
        peer.shutdownOutput();

        assertThat(reads.end()).isEqualTo("ended");
        assertThat(Arrays.equals(reads.bytes.toByteArray(), much)).isTrue();
    }

    @Test
    void whileItPausesTheEndWaitsBehindTheBytesBeforeIt() throws Exception {
        TunnelSocket socket = take();
        loopback.run(socket::pause);
        byte[] some = random(64 * ROOM);
        peer.getOutputStream().write(some);
        peer.shutdownOutput();
        reads.await(1); // told of the FIN, it reads no more than that
        assertThat(reads.count).isLessThan(ROOM);
        assertThat(reads.end).isNotDone();

        loopback.run(socket::resume);

        assertThat(reads.end()).isEqualTo("ended");
        assertThat(Arrays.equals(reads.bytes.toByteArray(), some)).isTrue();
    }

    @Test
    void aResetIsSeenWhileItPauses() throws Exception {
        TunnelSocket socket = take();
        loopback.run(socket::pause);

        peer.setSoLinger(true, 0);
        peer.close();

        assertThat(reads.end()).isEqualTo("failed");
    }

    @Test
    void itsOwnEndLeavesThePeersStreamOpen() throws Exception {
        TunnelSocket socket = take();
        loopback.run(socket::endOutput);
        assertThat(peer.getInputStream().read()).isNegative();

        peer.getOutputStream().write("still".getBytes(US_ASCII));
        peer.shutdownOutput();

        assertThat(reads.end()).isEqualTo("ended");
        assertThat(reads.bytes.toString(US_ASCII)).isEqualTo("still");
    }

    @Test
    void aCloseMayBeAReset() throws Exception {
        TunnelSocket socket = take();
        loopback.run(() -> {
            socket.closeWithReset();
            socket.close();
        });

        assertThat(failure()).hasMessageContaining("reset");
    }

    private IOException failure() {
        try {
            return new IOException("no failure but " + peer.getInputStream().read());
        } catch (IOException reset) {
            return reset;
        }
    }

    @Test
    void anEndThatWasSeenBeforeIsNotToldAgain() throws Exception {
        peer.shutdownOutput();
        TunnelSocket socket = loopback.call(() -> {
            TunnelSocket taken = SocketTakeover.of(channel, true);
            taken.setReader(reads);
            return taken;
        });
        loopback.run(() -> socket.writeAndFlush(text("reply")));

        assertThat(new String(peer.getInputStream().readNBytes(5), US_ASCII)).isEqualTo("reply");
        assertThat(reads.end).isNotDone();
    }

    @Test
    void behindAFailedWriteNothingIsReadAnyMore() throws Exception {
        TunnelSocket socket = take();
        loopback.run(socket::pause);
        loopback.run(() ->
                socket.writeAndFlush(Unpooled.directBuffer(MEGABYTES_8 * 4).writeZero(MEGABYTES_8 * 4)));
        assertThat(loopback.call(socket::isIdle)).isFalse();

        peer.setSoLinger(true, 0);
        peer.close();

        assertThat(reads.end()).isEqualTo("closed");
        turn();
        assertThat(reads.ends).containsExactly("closed");
    }

    @Test
    void aClosedSocketsNumberIsLeftAlone() throws Exception {
        TunnelSocket socket = take();
        int number = socket.fd().intValue();
        loopback.run(socket::close);
        List<EpollSocketChannel> others = new ArrayList<>();
        do {
            others.add(new EpollSocketChannel());
        } while (others.get(others.size() - 1).fd().intValue() != number && others.size() < 64);
        EpollSocketChannel successor = others.get(others.size() - 1);
        assertThat(successor.fd().intValue()).isEqualTo(number);

        loopback.run(socket::closeWithReset);

        assertThat(successor.config().getSoLinger()).isNegative();
        others.forEach(other -> other.unsafe().closeForcibly());
    }

    @Test
    void whileItPausesAFinIsSeenOnce() throws Exception {
        TunnelSocket socket = take();
        loopback.run(socket::pause);
        peer.getOutputStream().write(random(64 * ROOM));
        peer.shutdownOutput();
        reads.await(1);
        int seen = reads.count;

        loopback.run(() ->
                socket.writeAndFlush(Unpooled.directBuffer(MEGABYTES_8 * 4).writeZero(MEGABYTES_8 * 4)));
        assertThat(peer.getInputStream().readNBytes(MEGABYTES_8 * 4)).hasSize(MEGABYTES_8 * 4);
        turn();

        assertThat(reads.count).isEqualTo(seen);
        assertThat(reads.end).isNotDone();
    }

    @Test
    void aFaultOfTheReadersEndsItsSocketAlone() throws Exception {
        TunnelSocket socket = loopback.call(() -> {
            TunnelSocket taken = SocketTakeover.of(channel, false);
            taken.setReader(new Reads() {
                @Override
                public void readComplete() {
                    throw new LinkageError("played by a test");
                }

                @Override
                public void failed(Throwable cause) {
                    throw new IllegalStateException("played by a test", cause);
                }
            });
            return taken;
        });

        peer.getOutputStream().write(1);

        socket.closeFuture().sync();
        assertThat(loopback.call(() -> "goes on")).isEqualTo("goes on");
    }
}
