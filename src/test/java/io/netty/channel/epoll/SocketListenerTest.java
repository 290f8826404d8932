package io.netty.channel.epoll;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is accepted, and a descriptor's way from a socket to a channel and back. Against the kernel's own sockets. */
@Timeout(60)
class SocketListenerTest {
    private static final int READ_MILLIS = 30_000;

    private final EpollEventLoopGroup eventLoops = new EpollEventLoopGroup(1);
    private final CompletableFuture<TunnelSocket> accepted = new CompletableFuture<>();
    private Channel listener;
    private Socket client;
    private TunnelSocket socket;

    /** Sends back what comes, as a socket without a channel. */
    private record Echo(TunnelSocket socket) implements SocketReader {
        @Override
        public ByteBuf buffer() {
            return Unpooled.directBuffer(64, 64);
        }

        @Override
        public void read(ByteBuf bytes) {
            socket.writeAndFlush(bytes);
        }

        @Override
        public void readComplete() {}

        @Override
        public void ended() {
            socket.close();
        }

        @Override
        public void closed() {}

        @Override
        public void failed(Throwable cause) {
            socket.close();
        }
    }

    @BeforeEach
    void accept() throws Exception {
        ChannelHandler taker = new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                accepted.complete((TunnelSocket) message);
            }
        };
        listener = new ServerBootstrap()
                .group(eventLoops)
                .channelFactory(() -> new SocketListener(eventLoops::next))
                .handler(taker)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        InetSocketAddress address = (InetSocketAddress) listener.localAddress();
        client = new Socket(address.getAddress(), address.getPort());
        client.setSoTimeout(READ_MILLIS);
        socket = accepted.get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private <T> T call(Callable<T> action) throws Exception {
        return eventLoops.next().submit(action).get(20, TimeUnit.SECONDS);
    }

    private void run(Runnable action) throws Exception {
        eventLoops.next().submit(action).get(20, TimeUnit.SECONDS);
    }

    private void begin() throws Exception {
        call(() -> {
            socket.setReader(new Echo(socket));
            socket.register();
            return null;
        });
    }

    private void assertEchoes(String text) throws IOException {
        client.getOutputStream().write(text.getBytes(US_ASCII));
        assertThat(new String(client.getInputStream().readNBytes(text.length()), US_ASCII))
                .isEqualTo(text);
    }

    /** A channel that sends back what comes, with "channel:" before it. */
    private Channel open() throws Exception {
        return call(() -> {
            Channel channel = SocketTakeover.channelOf(socket, (InetSocketAddress) client.getLocalSocketAddress());
            channel.pipeline().addLast(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel opened) {
                    opened.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object message) {
                            ctx.writeAndFlush(message);
                        }
                    });
                }
            });
            eventLoops.next().register(channel);
            return channel;
        });
    }

    @Test
    void theFirstWhoAsksGetsThePeer() {
        assertThat(socket.takePeer()).isEqualTo(client.getLocalSocketAddress());
        assertThat(socket.takePeer()).isNull();
    }

    @Test
    void whatIsAcceptedHasWhatTheListenerWasSetTo() throws Exception {
        assertThat(socket.socket.isTcpNoDelay()).isTrue();
        assertThat(socket.socket.getTcpNotSentLowAt()).isEqualTo(SocketConnector.MOST_UNSENT);
    }

    @Test
    void whatCameBeforeItBeginsIsRead() throws Exception {
        client.getOutputStream().write("early ".getBytes(US_ASCII));
        begin();

        assertThat(new String(client.getInputStream().readNBytes(6), US_ASCII)).isEqualTo("early ");
        assertEchoes("late");
    }

    @Test
    void aSocketThatIsNoOnesAnyMoreBecomesAChannelAndASocketAgain() throws Exception {
        CompletableFuture<String> closed = new CompletableFuture<>();
        SocketTakeover.whenClosed(socket, () -> closed.complete("closed"));
        begin();
        assertEchoes("socket");

        Channel channel = open();
        assertThat(socket.isOpen()).isFalse();
        assertThat(channel.remoteAddress()).isEqualTo(client.getLocalSocketAddress());
        assertEchoes("channel");

        TunnelSocket again = call(() -> {
            TunnelSocket taken = SocketTakeover.of(channel, false);
            taken.setReader(new Echo(taken));
            return taken;
        });
        assertEchoes("socket again");
        assertThat(closed).isNotDone();

        run(again::close);
        assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo("closed");
        assertThat(client.getInputStream().read()).isNegative();
    }

    @Test
    void whatTheKernelHoldsIsReadByTheChannel() throws Exception {
        begin();
        run(socket::pause);
        client.getOutputStream().write("held".getBytes(US_ASCII));
        client.shutdownOutput();
        open();

        assertThat(new String(client.getInputStream().readNBytes(4), US_ASCII)).isEqualTo("held");
    }
}
