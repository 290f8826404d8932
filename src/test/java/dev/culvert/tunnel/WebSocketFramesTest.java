package dev.culvert.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 §5: where messages begin and end. Frames are written in hexadecimal. */
class WebSocketFramesTest {
    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }

    /** Of the app's frames, each followed a byte at a time, the offsets that lie between two messages. */
    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "81 00, 2, an empty text",
        "82 03 01 02 03, 5, a binary message",
        "81 01 61 81 01 62, 3 6, two messages",
        "02 01 aa 80 01 bb, 6, two fragments",
        "02 01 aa 89 00 80 01 bb, 8, a Ping between two fragments",
        "8a 01 00 81 00, 3 5, a Pong between two messages",
        "c1 02 00 00, 4, a compressed message",
        "82 7e 00 02 01 02, 6, a length of two bytes",
        "82 7f 00 00 00 00 00 00 00 02 01 02, 12, a length of eight bytes",
        "02 01 aa 00 00 80 00, 7, an empty fragment inside a message",
    })
    void messagesEndWhereTheirLastFrameEnds(String hex, String boundaries, String name) {
        byte[] stream = ByteBufUtil.getBytes(bytes(hex));
        WebSocketFrames frames = new WebSocketFrames(false);
        StringBuilder found = new StringBuilder();

        for (int i = 0; i < stream.length; i++) {
            frames.follow(Unpooled.wrappedBuffer(stream, i, 1));
            if (frames.isBetweenMessages()) {
                found.append(found.isEmpty() ? "" : " ").append(i + 1);
            }
        }

        assertThat(found).hasToString(boundaries);
    }

    @Test
    void aLongMessageEndsBehindItsLastByteHoweverItIsCut() {
        int payload = 70_000;
        ByteBuf stream = Unpooled.buffer()
                .writeByte(0x82)
                .writeByte(0x80 | 127)
                .writeLong(payload)
                .writeZero(4 + payload);

        for (int cut = 1; cut < stream.readableBytes(); cut += cut < 32 ? 1 : 977) {
            WebSocketFrames frames = new WebSocketFrames(true);
            frames.follow(stream.slice(0, cut));
            assertThat(frames.isBetweenMessages()).as("after %d bytes", cut).isFalse();
            frames.follow(stream.slice(cut, stream.readableBytes() - cut));
            assertThat(frames.isBetweenMessages()).as("cut at %d", cut).isTrue();
        }
    }

    @Test
    void theFirstBoundaryIsFoundInsideOfARead() {
        WebSocketFrames frames = new WebSocketFrames(false);
        frames.follow(bytes("81 05 61"));

        assertThat(frames.followToBoundary(bytes("62 63 64 65 81 01 66"))).isEqualTo(4);
        assertThat(frames.isBetweenMessages()).isTrue();
    }

    @Test
    void aReadWithoutABoundaryIsFollowedToItsEnd() {
        WebSocketFrames frames = new WebSocketFrames(false);

        assertThat(frames.followToBoundary(bytes("81 05 61 62"))).isEqualTo(4);
        assertThat(frames.isBetweenMessages()).isFalse();
    }

    @Test
    void aCloseFrameIsSeenWithItsFirstByte() {
        WebSocketFrames frames = new WebSocketFrames(false);
        frames.follow(bytes("81 01 61 88"));

        assertThat(frames.isClosing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "83 00", // §5.2: a reserved opcode
                "8b 00", // §5.2: a reserved control opcode
                "09 00", // §5.5: a control frame in fragments
                "89 7e", // §5.5: a control frame of more than 125 bytes
                "80 00", // §5.4: a continuation of nothing
                "01 00 81", // §5.4: a new message inside of another
                "81 80", // §5.1: masked by a server
                "82 7f 80 00 00 00 00 00 00 00", // §5.2: the highest bit of a length
                "47 45 54 20", // another protocol
            })
    void whatIsNoWebSocketIsUncertainForGood(String hex) {
        WebSocketFrames frames = new WebSocketFrames(false);
        frames.follow(bytes(hex));
        frames.follow(bytes("81 00"));

        assertThat(frames.isUncertain()).isTrue();
        assertThat(frames.isBetweenMessages()).isFalse();
    }

    @Test
    void aClientThatDoesNotMaskIsUncertain() {
        WebSocketFrames frames = new WebSocketFrames(true);
        frames.follow(bytes("81 01 61"));

        assertThat(frames.isUncertain()).isTrue();
    }

    @Test
    void goingAwayIsACloseFrameWithStatus1001() {
        assertThat(ByteBufUtil.hexDump(new WebSocketFrames(false).goingAway())).isEqualTo("880203e9");
    }

    @Test
    void goingAwayTowardsTheAppIsMasked() {
        byte[] frame = ByteBufUtil.getBytes(new WebSocketFrames(true).goingAway());

        assertThat(frame).hasSize(8).startsWith(0x88, 0x82);
        assertThat((frame[6] ^ frame[2]) & 0xff).isEqualTo(0x03);
        assertThat((frame[7] ^ frame[3]) & 0xff).isEqualTo(0xe9);
    }
}
