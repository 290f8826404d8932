package io.netty.channel.epoll;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.flow.Loopback;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against listening sockets of the kernel's. */
@Timeout(60)
class SocketConnectorTest {
    private Loopback loopback;

    @BeforeEach
    void open() throws Exception {
        loopback = new Loopback();
    }

    @AfterEach
    void close() throws Exception {
        loopback.close();
    }

    /** Keeps what it reads until it has so many bytes. */
    private static final class Reads implements SocketReader {
        private final CompletableFuture<String> text = new CompletableFuture<>();
        private final StringBuilder read = new StringBuilder();
        private final int wanted;

        Reads(int wanted) {
            this.wanted = wanted;
        }

        @Override
        public ByteBuf buffer() {
            return Unpooled.directBuffer(64, 64);
        }

        @Override
        public void read(ByteBuf bytes) {
            read.append(bytes.toString(US_ASCII));
            bytes.release();
            if (read.length() >= wanted) {
                text.complete(read.toString());
            }
        }

        @Override
        public void readComplete() {}

        @Override
        public void ended() {
            text.complete("ended");
        }

        @Override
        public void closed() {
            text.complete("closed");
        }

        @Override
        public void failed(Throwable cause) {
            text.complete("failed");
        }

        String text() throws Exception {
            return text.get(20, TimeUnit.SECONDS);
        }
    }

    /** Writes as soon as it is connected, and reads. */
    private Reads exchange(SocketAddress address, String hello, int wanted) throws Exception {
        Reads reads = new Reads(wanted);
        loopback.run(() -> connect(address).addListener((ChannelFuture connected) -> {
            TunnelSocket socket = (TunnelSocket) connected.channel();
            socket.setReader(reads);
            socket.writeAndFlush(Unpooled.copiedBuffer(hello, US_ASCII));
        }));
        return reads;
    }

    private ChannelFuture connect(SocketAddress address) {
        try {
            return SocketConnector.connect(loopback.channel().eventLoop(), address);
        } catch (IOException noFiles) {
            throw new IllegalStateException(noFiles);
        }
    }

    private void talksTo(InetAddress host) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, host)) {
            Reads reads = exchange(new InetSocketAddress(host, listening.getLocalPort()), "hello", 5);
            try (Socket peer = listening.accept()) {
                assertThat(new String(peer.getInputStream().readNBytes(5), US_ASCII))
                        .isEqualTo("hello");
                peer.getOutputStream().write("reply".getBytes(US_ASCII));
                assertThat(reads.text()).isEqualTo("reply");
            }
        }
    }

    @Test
    void talksOverIpv4() throws Exception {
        talksTo(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    }

    @Test
    void talksOverIpv6() throws Exception {
        talksTo(InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
    }

    @Test
    void talksOverAUnixSocket(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("app");
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(path));
            Reads reads = exchange(new DomainSocketAddress(path.toFile()), "hello", 5);
            try (SocketChannel peer = listening.accept()) {
                ByteBuffer heard = ByteBuffer.allocate(5);
                while (heard.hasRemaining()) {
                    peer.read(heard);
                }
                peer.write(heard.flip());
                assertThat(reads.text()).isEqualTo("hello");
            }
        }
    }

    @Test
    void whatThePeerSaysAtOnceIsRead() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread talker = new Thread(() -> {
                try (Socket peer = listening.accept()) {
                    peer.getOutputStream().write("first".getBytes(US_ASCII));
                } catch (IOException closed) {
                    // the test is over
                }
            });
            talker.start();
            Reads reads = exchange(listening.getLocalSocketAddress(), "", 5);

            assertThat(reads.text()).isEqualTo("first");
        }
    }

    /** More than the kernel takes: epoll has to tell when it takes more. */
    @Test
    void whatIsNotTakenAtOnceFollows() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String much = "0123456789".repeat(2 << 20);
            exchange(listening.getLocalSocketAddress(), much, 1);
            try (Socket peer = listening.accept()) {
                assertThat(new String(peer.getInputStream().readNBytes(much.length()), US_ASCII).equals(much))
                        .isTrue();
            }
        }
    }

    /** The peer's kernel has answered before ours returns, or nearly always. */
    @Test
    void onThisHostAConnectionIsMadeAtOnce() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            boolean atOnce = false;
            for (int i = 0; i < 20 && !atOnce; i++) {
                atOnce = loopback.call(
                        () -> connect(listening.getLocalSocketAddress()).isSuccess());
            }

            assertThat(atOnce).isTrue();
        }
    }

    /** The kernel drops what asks for a place in a full queue, and asks again a second later. */
    @Test
    void whoeverAcceptsLaterIsConnectedLater() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listening.setSoTimeout(100);
            ChannelFuture connecting = loopback.call(() -> connect(listening.getLocalSocketAddress()));
            while (connecting.isDone()) {
                connecting = loopback.call(() -> connect(listening.getLocalSocketAddress()));
            }
            List<Socket> accepted = new ArrayList<>();
            while (!connecting.isDone()) {
                try {
                    accepted.add(listening.accept());
                } catch (SocketTimeoutException nobody) {
                    // not yet
                }
            }

            assertThat(connecting.isSuccess()).isTrue();
            for (Socket peer : accepted) {
                peer.close();
            }
        }
    }

    private void isRefusedAndClosed(SocketAddress nobody) throws Exception {
        ChannelFuture connecting = loopback.call(() -> connect(nobody));

        assertThat(connecting.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(connecting.isSuccess()).isFalse();
        loopback.run(() -> {});
        assertThat(connecting.channel().isOpen()).isFalse();
    }

    @Test
    void nobodyListensOnThePort() throws Exception {
        ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        listening.close();

        isRefusedAndClosed(new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort()));
    }

    @Test
    void thereIsNoUnixSocket(@TempDir Path folder) throws Exception {
        isRefusedAndClosed(new DomainSocketAddress(folder.resolve("nobody").toFile()));
    }

    @Test
    void aRefusalIsToldAsOne() throws Exception {
        ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        listening.close();
        SocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort());

        assertThat(loopback.call(() -> connect(nobody)).await().cause()).isInstanceOf(ConnectException.class);
    }
}
