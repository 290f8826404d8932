package dev.culvert.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.admission.Admission;
import dev.culvert.config.Settings;
import dev.culvert.config.TestSettings;
import dev.culvert.config.UpstreamUrl;
import dev.culvert.flow.Flow;
import dev.culvert.flow.Loopback;
import dev.culvert.handshake.Forwarded;
import dev.culvert.handshake.UpgradeRequest;
import dev.culvert.handshake.UpstreamHead;
import dev.culvert.observation.AccessLog;
import dev.culvert.tunnel.TunnelRegistry;
import dev.culvert.upstream.UpstreamAddress;
import dev.culvert.upstream.UpstreamConnector;
import io.netty.channel.epoll.SocketTakeover;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults of our own on the way to a tunnel, and the machine's: nobody waits for what will not come, and nothing is kept. */
@Timeout(60)
class UpgradeRouteTest {
    private static final UpgradeRequest TCP = new UpgradeRequest(List.of("tcp"), List.of());

    private final Admission admission =
            new Admission(TestSettings.of().limits(), TestSettings.of().upgrade(), () -> false);
    private Loopback loopback;
    private ServerSocket app;

    @BeforeEach
    void open() throws Exception {
        loopback = new Loopback();
        app = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws Exception {
        app.close();
        loopback.close();
    }

    /** @param tunnelClock which a tunnel looks at when it begins */
    private Rooms rooms(LongSupplier tunnelClock) {
        Settings settings = TestSettings.of("upstream.url=http://127.0.0.1:" + app.getLocalPort());
        Flow flow = new Flow(settings.tunnel());
        AccessLog log = new AccessLog(settings.log().access());
        UpstreamAddress address = UpstreamAddress.resolve(UpstreamUrl.of(settings.upstream()));
        return new Rooms(
                settings,
                RequestBounds.of(settings),
                admission,
                new UpstreamHead(new Forwarded(settings.forwarded()), address.authority()),
                new UpstreamConnector(address, settings.upstream(), socket -> {}),
                flow,
                new TunnelRegistry(settings.tunnel(), flow, log, tunnelClock),
                new TrafficLoad(System::nanoTime),
                log);
    }

    private void ask(Rooms rooms, HttpRequest request) throws Exception {
        request.headers().set("Host", "app");
        loopback.run(() -> {
            TunnelSocket socket = SocketTakeover.of(loopback.channel(), false);
            RequestDecoder decoder = RequestDecoderTest.decoder(socket.eventLoop());
            InetSocketAddress peer = (InetSocketAddress) loopback.peer().getLocalSocketAddress();
            ClientInput input = ClientInput.of(rooms, new ClientSocket(socket, decoder, peer));
            input.upgrade(request, TCP);
            input.came(LastHttpContent.EMPTY_LAST_CONTENT);
        });
    }

    private void assertAnsweredAndLeft(Socket peer) throws Exception {
        String status = "HTTP/1.1 500 ";
        assertThat(new String(loopback.peer().getInputStream().readNBytes(status.length()), ISO_8859_1))
                .isEqualTo(status);
        assertThat(admission.permits()).isZero();
        assertThat(peer.getInputStream().read()).isNegative();
    }

    private static long noMemory() {
        throw new OutOfMemoryError("played by a test");
    }

    @Test
    void whileTheHeadIsWritten() throws Exception {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/") {
            @Override
            public String uri() { // known again to the log line of the refusal, behind the permit's release
                return admission.permits() == 0 ? super.uri() : Long.toString(noMemory());
            }
        };

        ask(rooms(System::nanoTime), request);

        try (Socket peer = app.accept()) {
            assertAnsweredAndLeft(peer);
        }
    }

    @Test
    void whileTheTunnelBegins() throws Exception {
        ask(rooms(UpgradeRouteTest::noMemory), new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));

        try (Socket peer = app.accept()) {
            byte[] head = "GET / HTTP/1.1\r\n".getBytes(ISO_8859_1);
            assertThat(peer.getInputStream().readNBytes(head.length)).isEqualTo(head);
            peer.getOutputStream()
                    .write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
                            .getBytes(ISO_8859_1));
            peer.getInputStream().skip(peer.getInputStream().available());
            assertAnsweredAndLeft(peer);
        }
    }
}
