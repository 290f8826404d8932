package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.CHAT_101;

import dev.culvert.wire.Escapes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where HTTP becomes a tunnel no byte is lost, doubled or moved, wherever TCP cuts the stream: wire rules §3 and §4. Each
 * stream is sent in two pieces, cut at every position there is, the second only when Culvert has read the first; and
 * whole.
 */
@Tag("wire:3.early")
@Tag("wire:4.switch")
class HandoverJourney {
    private static final String EARLY = "early\0\r\n\r\nGET / HTTP/1.1\r\n\r\n";
    private static final String POST =
            "POST /exec HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: chatproto\r\n";
    private static final String HANDSHAKE_10 = "GET /ws HTTP/1.0\r\nHost: a\r\nConnection: close\r\nSec-WebSocket-Key: "
            + UpgradeJourney.KEY + "\r\nSec-WebSocket-Version: 13\r\n\r\n";
    private static final String WEBSOCKET_101 = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: "
            + UpgradeJourney.ACCEPT + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String PAIR = "Connection: Upgrade\r\nUpgrade: chatproto\r\n\r\n";

    /**
     * What a client sends in one stream.
     *
     * @param name of the case
     * @param stream the request, and the early bytes behind it
     * @param seen the request as the app gets it
     * @param answer the app's 101
     */
    record ClientStream(String name, String stream, String seen, String answer) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final List<ClientStream> CLIENT_STREAMS = List.of(
            new ClientStream("an upgrade", CHAT + EARLY, CHAT, CHAT_101),
            new ClientStream(
                    "one with a Content-Length",
                    POST + "Content-Length: 4\r\n\r\nbody" + EARLY,
                    "POST /exec HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n" + PAIR + "body",
                    CHAT_101),
            new ClientStream(
                    "a restored one",
                    HANDSHAKE_10 + EARLY,
                    HANDSHAKE_10
                                    .replace("HTTP/1.0", "HTTP/1.1")
                                    .replace("Connection: close\r\n", "")
                                    .strip() + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                    WEBSOCKET_101));

    /** What an app sends in one stream: the answer, and the first bytes of the tunnel. */
    static final List<String> APP_STREAMS = List.of(
            CHAT_101 + "\0first\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\n" + CHAT_101
                    + "HTTP/1.1 200 OK\r\n\r\n");

    private static Stage stage;

    @BeforeAll
    static void start() {
        stage = new Stage(List.of("forwarded.mode=off"));
    }

    @AfterAll
    static void end() {
        stage.close();
    }

    static Stream<ClientStream> clientStreams() {
        return CLIENT_STREAMS.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clientStreams")
    void everyCutOfTheClientsStreamGivesTheSame(ClientStream client) {
        byte[] bytes = Escapes.latin1(client.stream());
        for (int cut = 1; cut < bytes.length; cut++) {
            fromTheClient(client, Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
        }
        fromTheClient(client, bytes);
    }

    private static void fromTheClient(ClientStream stream, byte[]... pieces) {
        try (Conversation conversation = new Conversation(stage)) {
            Pieces.send(conversation.client().wire(), pieces);
            conversation.app().get(stream.seen());
            conversation.app().send(stream.answer());
            conversation.client().get(stream.answer());
            conversation.client().send("late");
            conversation.app().get(EARLY + "late");
            conversation.app().send("down");
            conversation.client().get("down");
            conversation.finish();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(Pieces.describe(pieces), e);
        }
    }

    /** What a chunk of a body is does not depend on the pieces; where it ends may. */
    @ParameterizedTest
    @MethodSource("chunkedStream")
    void everyCutOfAChunkedRequestGivesTheSame(String stream) {
        byte[] bytes = Escapes.latin1(stream);
        for (int cut = 1; cut < bytes.length; cut++) {
            chunked(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
        }
        chunked(bytes);
    }

    static Stream<String> chunkedStream() {
        return Stream.of(POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nbod\r\n1;x=y\r\ny\r\n0\r\n\r\n" + EARLY);
    }

    private static void chunked(byte[]... pieces) {
        try (Conversation conversation = new Conversation(stage)) {
            Pieces.send(conversation.client().wire(), pieces);
            conversation.app().get("POST /exec HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + PAIR);
            conversation.app().getChunks("body");
            conversation.app().send(CHAT_101);
            conversation.client().get(CHAT_101);
            conversation.app().get(EARLY);
            conversation.finish();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(Pieces.describe(pieces), e);
        }
    }

    static Stream<String> appStreams() {
        return APP_STREAMS.stream();
    }

    @ParameterizedTest(name = "[{index}]")
    @MethodSource("appStreams")
    void everyCutOfTheAppsStreamGivesTheSame(String stream) {
        byte[] bytes = Escapes.latin1(stream);
        for (int cut = 1; cut < bytes.length; cut++) {
            fromTheApp(stream, Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
        }
        fromTheApp(stream, bytes);
    }

    private static void fromTheApp(String stream, byte[]... pieces) {
        try (Conversation conversation = new Conversation(stage)) {
            conversation.client().send(CHAT + EARLY);
            conversation.app().get(CHAT);
            Pieces.send(conversation.app().wire(), pieces);
            conversation.app().end();
            conversation.client().get(stream);
            conversation.client().getEnd();
            conversation.app().get(EARLY);
            conversation.finish();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(Pieces.describe(pieces), e);
        }
    }
}
