package dev.culvert.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.Settings;
import dev.culvert.config.TestSettings;
import dev.culvert.flow.Flow;
import dev.culvert.flow.Loopback;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.SocketTakeover;
import io.netty.channel.epoll.TunnelSocket;
import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A socket that left its channel with bytes that the client has not taken yet. */
@Timeout(60)
class ClientInputTest {
    private static final int UNSENT = 8 << 20;

    private final Settings settings = TestSettings.of("tunnel.memory=1M", "tunnel.buffer=64K");
    private final Flow flow = new Flow(settings.tunnel());
    private Loopback loopback;

    @BeforeEach
    void connect() throws Exception {
        loopback = new Loopback();
    }

    @AfterEach
    void close() throws Exception {
        loopback.close();
    }

    @SuppressWarnings("NullAway") // no request comes that would ask for the other rooms
    private Rooms rooms() {
        return new Rooms(settings, RequestBounds.of(settings), null, null, null, flow, null, null, null);
    }

    private void leave(byte[] unsent) throws Exception {
        loopback.run(() -> {
            loopback.channel().write(Unpooled.wrappedBuffer(unsent));
            TunnelSocket socket = SocketTakeover.of(loopback.channel(), false);
            RequestDecoder decoder = RequestDecoderTest.decoder(socket.eventLoop());
            InetSocketAddress peer = (InetSocketAddress) loopback.peer().getLocalSocketAddress();
            ClientInput.of(rooms(), new ClientSocket(socket, decoder, peer));
        });
    }

    @Test
    void theyGoOutByThemselvesAndAreCountedUntilThen() throws Exception {
        byte[] unsent = new byte[UNSENT];
        new Random(UNSENT).nextBytes(unsent);
        assertThat(flow.backlog().isFull()).isFalse();
        leave(unsent);
        assertThat(flow.backlog().isFull()).isTrue();

        assertThat(loopback.peer().getInputStream().readNBytes(UNSENT)).isEqualTo(unsent);
        while (flow.backlog().isFull()) {
            Thread.sleep(1);
        }
    }
}
