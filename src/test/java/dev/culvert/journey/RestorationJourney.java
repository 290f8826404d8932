package dev.culvert.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which stripped WebSocket handshakes are restored, wire rules §1: every mode with every hop and everything that may be lost
 * on the way. RFC 9110 §7.6.1 for the loss, RFC 6455 §4.1 for the evidence.
 */
@Tag("wire:1.restorable")
class RestorationJourney {
    private static final String KEY = "Sec-WebSocket-Key: " + UpgradeJourney.KEY + "\r\n";
    private static final String VERSION = "Sec-WebSocket-Version: 13\r\n";
    private static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: "
            + UpgradeJourney.ACCEPT + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    /** The last hop of the request: its version, and what its Connection says of the connection itself. */
    enum Hop {
        HTTP_1_0("HTTP/1.0", ""),
        HTTP_1_0_KEPT("HTTP/1.0", "keep-alive"),
        HTTP_1_1_CLOSE("HTTP/1.1", "close"),
        HTTP_1_1_KEPT("HTTP/1.1", "");

        private final String version;
        private final String option;

        Hop(String version, String option) {
            this.version = version;
            this.option = option;
        }
    }

    /** May the 101 go where nobody asked for it? Only in {@code safe} does the hop count. */
    private static final Map<String, List<Hop>> RESTORED_HOPS = Map.of(
            "safe", List.of(Hop.HTTP_1_0, Hop.HTTP_1_1_CLOSE),
            "always", List.of(Hop.values()),
            "off", List.of());

    /**
     * What is left of a handshake.
     *
     * @param lost what the table's row is called
     * @param method of the request
     * @param upgradeOption whether Connection names upgrade
     * @param fields the rest of it
     * @param missing what has to be put back, as the log says it; empty where the evidence is not enough
     */
    record Remains(String lost, String method, boolean upgradeOption, String fields, List<String> missing) {
        @Override
        public String toString() {
            return lost;
        }
    }

    private static final String UPGRADE = "Upgrade: websocket\r\n";
    private static final List<String> NOTHING = List.of();
    private static final List<Remains> REMAINS = List.of(
            new Remains("both lost", "GET", false, KEY + VERSION, List.of("upgrade", "connection")),
            new Remains("Upgrade lost", "GET", true, KEY + VERSION, List.of("upgrade")),
            new Remains("Connection lost", "GET", false, UPGRADE + KEY + VERSION, List.of("connection")),
            new Remains(
                    "Connection lost, Upgrade doubled",
                    "GET",
                    false,
                    UPGRADE + UPGRADE + KEY + VERSION,
                    List.of("connection")),
            new Remains("key of 15 bytes", "GET", false, key("AAECAwQFBgcICQoLDA0O") + VERSION, NOTHING),
            new Remains("key of 17 bytes", "GET", false, key("AAECAwQFBgcICQoLDA0ODxA=") + VERSION, NOTHING),
            new Remains("key that is no base64", "GET", false, key("!AECAwQFBgcICQoLDA0ODw==") + VERSION, NOTHING),
            new Remains("key without its end", "GET", false, key("AAECAwQFBgcICQoLDA0ODw") + VERSION, NOTHING),
            new Remains("no key", "GET", false, VERSION, NOTHING),
            new Remains("key twice", "GET", false, KEY + KEY + VERSION, NOTHING),
            new Remains("version missing", "GET", false, KEY, NOTHING),
            new Remains("POST", "POST", false, KEY + VERSION, NOTHING),
            new Remains("HEAD", "HEAD", true, KEY + VERSION, NOTHING),
            new Remains("another protocol", "GET", false, "Upgrade: chatproto\r\n" + KEY + VERSION, NOTHING));

    private static final Map<String, Stage> STAGES = new HashMap<>();

    @AfterAll
    static void end() {
        STAGES.values().forEach(Stage::close);
        STAGES.clear();
    }

    private static String key(String value) {
        return "Sec-WebSocket-Key: " + value + "\r\n";
    }

    static Stream<Arguments> everyCase() {
        return Stream.of("safe", "always", "off")
                .flatMap(mode -> Stream.of(Hop.values())
                        .flatMap(hop -> REMAINS.stream().map(remains -> Arguments.of(mode, hop, remains))));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("everyCase")
    void onlyTheEvidenceOnAHopThatMayBeRestoredIsRestored(String mode, Hop hop, Remains remains) {
        boolean restored =
                RESTORED_HOPS.get(mode).contains(hop) && !remains.missing().isEmpty();
        try (Conversation conversation = new Conversation(stage(mode))) {
            conversation.client().send(request(hop, remains));

            if (restored) {
                isUpgraded(conversation, missing(hop, remains));
            } else {
                staysPlain(conversation, remains);
            }
            conversation.finish();
        }
    }

    private static Stage stage(String mode) {
        return STAGES.computeIfAbsent(mode, m -> new Stage(List.of("forwarded.mode=off", "upgrade.restore=" + m)));
    }

    private static String request(Hop hop, Remains remains) {
        String connection = Stream.of(hop.option, remains.upgradeOption() ? "Upgrade" : "")
                .filter(option -> !option.isEmpty())
                .reduce((one, other) -> one + ", " + other)
                .map(options -> "Connection: " + options + "\r\n")
                .orElse("");
        return remains.method() + " /ws " + hop.version + "\r\nHost: a\r\n" + connection + remains.fields() + "\r\n";
    }

    private static String missing(Hop hop, Remains remains) {
        return String.join("+", remains.missing()) + (hop.version.equals("HTTP/1.0") ? "+http/1.1" : "");
    }

    private static void isUpgraded(Conversation conversation, String restored) {
        conversation
                .app()
                .get("GET /ws HTTP/1.1\r\nHost: a\r\n" + KEY + VERSION
                        + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        conversation.app().send(SWITCH + "\u0081\2hi");
        conversation.client().get(SWITCH + "\u0081\2hi");
        conversation.logs("tunnel.opened", " restored=" + restored + " ");
        conversation.client().send("\u0082\0");
        conversation.app().get("\u0082\0");
    }

    /** Nothing is left of the pair: both are for this hop alone. */
    private static void staysPlain(Conversation conversation, Remains remains) {
        String fields = remains.fields().replaceAll("Upgrade: .*\r\n", "");
        conversation.app().getHead(remains.method() + " /ws HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
        conversation.app().send("HTTP/1.1 400 No WebSocket\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        assertThat(conversation.client().wire().readHead()).contains(" 400 No WebSocket\r\n");
    }

    @ParameterizedTest
    @MethodSource("everyWholeHandshake")
    void aWholeHandshakeIsAnUpgradeInHttp11AndRestoredFromHttp10(String mode, Hop hop) {
        Remains whole = new Remains("nothing", "GET", true, UPGRADE + KEY + VERSION, NOTHING);
        try (Conversation conversation = new Conversation(stage(mode))) {
            conversation.client().send(request(hop, whole));

            if (hop.version.equals("HTTP/1.1")) {
                isUpgraded(conversation, "no");
            } else if (RESTORED_HOPS.get(mode).contains(hop)) {
                isUpgraded(conversation, "http/1.1");
            } else {
                staysPlain(conversation, whole);
            }
            conversation.finish();
        }
    }

    static Stream<Arguments> everyWholeHandshake() {
        return RESTORED_HOPS.keySet().stream()
                .flatMap(mode -> Stream.of(Hop.values()).map(hop -> Arguments.of(mode, hop)));
    }
}
