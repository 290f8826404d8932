package dev.culvert.flow;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
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
    private final EpollEventLoopGroup eventLoops = new EpollEventLoopGroup(1);
    private final CompletableFuture<Throwable> fault = new CompletableFuture<>();
    private ServerSocket listening;
    private Socket peer;
    private Channel channel;
    private Sink sink;

    private final class Faults extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fault.complete(cause);
        }
    }

    @BeforeEach
    void connect() throws Exception {
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        channel = new Bootstrap()
                .group(eventLoops)
                .channel(EpollSocketChannel.class)
                .handler(new Faults())
                .connect(listening.getInetAddress(), listening.getLocalPort())
                .sync()
                .channel();
        peer = listening.accept();
        sink = onLoop(() -> new Sink(channel));
    }

    @AfterEach
    void close() throws Exception {
        channel.close().sync();
        peer.close();
        listening.close();
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private <T> T onLoop(Callable<T> action) throws Exception {
        return channel.eventLoop().submit(action).get();
    }

    private void runOnLoop(Runnable action) throws Exception {
        channel.eventLoop().submit(action).get();
    }

    private ByteBuf read(String text) {
        return buffers.ioBuffer(text.length()).writeBytes(text.getBytes(US_ASCII));
    }

    private String received(int bytes) throws IOException {
        return new String(peer.getInputStream().readNBytes(bytes), US_ASCII);
    }

    @Test
    void aMessageGoesOutByAFlushAndItsBufferComesBack() throws Exception {
        ByteBuf message = onLoop(() -> read("message"));
        runOnLoop(() -> {
            sink.write(message);
            sink.flush();
            assertThat(message.refCnt()).isZero();
            assertThat(SinkBacklog.pending(channel)).isZero();
        });

        assertThat(received(7)).isEqualTo("message");
        assertThat(buffers.ioBuffer(7)).isSameAs(message);
    }

    @Test
    void severalMessagesOfATurnGoOutInTheirOrder() throws Exception {
        runOnLoop(() -> {
            sink.write(read("one,"));
            sink.write(read(""));
            sink.write(buffers.heapBuffer().writeBytes("two,".getBytes(US_ASCII)));
            sink.write(read("three,"));
            sink.queue().write(read("four"));
            sink.flush();
        });

        assertThat(received(18)).isEqualTo("one,two,three,four");
    }

    @Test
    void whatTheSocketDoesNotTakeWaitsInItsOrder() throws Exception {
        byte[] all = new byte[MEGABYTES_32];
        new Random(SEED).nextBytes(all);
        boolean waited = onLoop(() -> {
            Random sizes = new Random(SEED);
            for (int sent = 0; sent < all.length; ) {
                int size = Math.min(all.length - sent, 1 + sizes.nextInt(3 * TurnBuffers.SIZE / 2));
                sink.write(buffers.ioBuffer(size).writeBytes(all, sent, size));
                sent += size;
                if (sizes.nextBoolean()) {
                    sink.flush();
                }
            }
            sink.flush();
            return SinkBacklog.pending(channel) > 0;
        });

        byte[] received = peer.getInputStream().readNBytes(all.length);

        assertThat(waited).isTrue();
        assertThat(Arrays.equals(received, all)).isTrue();
    }

    @Test
    void aMessageThatTheSocketTakesAPartOfIsSentOn() throws Exception {
        byte[] much = new byte[MEGABYTES_32];
        new Random(SEED).nextBytes(much);
        runOnLoop(() -> {
            sink.write(buffers.directBuffer(much.length).writeBytes(much));
            sink.flush();
            assertThat(SinkBacklog.pending(channel)).isPositive();
            sink.write(read("behind"));
            sink.flush();
        });

        byte[] received = peer.getInputStream().readNBytes(much.length);
        assertThat(Arrays.equals(received, much)).isTrue();
        assertThat(received(6)).isEqualTo("behind");
    }

    @Test
    void toAClosedSocketNothingIsSentAndNothingIsKept() throws Exception {
        ByteBuf before = onLoop(() -> read("before"));
        ByteBuf behind = onLoop(() -> read("behind"));
        runOnLoop(() -> {
            sink.write(before);
            channel.close();
            sink.flush();
            sink.write(behind);
            sink.flush();
        });

        assertThat(before.refCnt()).isZero();
        assertThat(behind.refCnt()).isZero();
        assertThat(peer.getInputStream().read()).isNegative();
    }

    @Test
    void aFailureIsToldToTheHandlersOfTheChannel() throws Exception {
        peer.setSoLinger(true, 0);
        channel.config().setAutoRead(false);
        peer.close();
        ByteBuf message = onLoop(() -> read("message"));
        runOnLoop(() -> {
            sink.write(message);
            sink.flush();
        });

        assertThat(fault.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        assertThat(message.refCnt()).isZero();
    }

    @Test
    void aChannelThatIsNoSocketGetsWhatIsWrittenToItsQueue() {
        EmbeddedChannel embedded = new EmbeddedChannel();
        Sink other = new Sink(embedded);

        other.write(read("message"));
        assertThat(embedded.outboundMessages()).isEmpty();
        other.flush();

        ByteBuf sent = embedded.readOutbound();
        assertThat(sent.toString(US_ASCII)).isEqualTo("message");
        sent.release();
    }
}
