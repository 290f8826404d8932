package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.CHAT_101;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app on a unix socket: there a connection stands at once, or never. */
class UnixSocketJourney {
    private static final String PLAIN = "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private App app;
    private UnixDoor door;
    private Culvert culvert;
    private Wire client;

    @BeforeEach
    void start(@TempDir Path folder) {
        app = new App();
        door = new UnixDoor(folder.resolve("app"), app.port());
        culvert = Culvert.start(0, "upstream.url=unix://" + folder.resolve("app"));
        client = Wire.connect(culvert.port());
    }

    @AfterEach
    void stop() {
        client.close();
        culvert.close();
        door.close();
        app.close();
    }

    @Test
    void whatComesBehindAnUpgradeIsHeldAndIsTheTunnelsFirst() {
        client.send(CHAT + "early");
        Wire behind = app.accept();
        assertThat(behind.readHead()).contains("Upgrade: chatproto");
        assertThat(behind.isSilent()).isTrue();

        behind.send(CHAT_101 + "hello");

        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(client.read(5)).isEqualTo("hello");
        assertThat(behind.read(5)).isEqualTo("early");
        behind.close();
    }

    @Test
    void aRequestBehindAnUpgradeIsNone() {
        client.send(CHAT + PLAIN);
        Wire behind = app.accept();
        behind.readHead();
        behind.send(CHAT_101);

        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(behind.read(PLAIN.length())).isEqualTo(PLAIN);
        behind.close();
    }

    @Test
    void aBodyGoesBeforeTheSwitch() {
        client.send(CHAT.replace("GET", "POST").replace("\r\n\r\n", "\r\nContent-Length: 4\r\n\r\nbo"));
        Wire behind = app.accept();
        behind.readHead();
        client.send("dyearly");
        assertThat(behind.read(4)).isEqualTo("body");

        behind.send(CHAT_101);

        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(behind.read(5)).isEqualTo("early");
        behind.close();
    }

    @Test
    void anUpgradeBehindAPlainRequestWhoseClientThenEndsItsStream() {
        client.send(PLAIN + CHAT);
        client.finish();
        Wire plain = app.accept();
        plain.readHead();
        plain.send(OK);
        Wire behind = app.accept();
        behind.readHead();
        behind.send(CHAT_101 + "last");
        behind.close();

        assertThat(client.readAll())
                .contains("HTTP/1.1 200 OK", "HTTP/1.1 101 ")
                .endsWith("last");
        plain.close();
    }

    @Test
    void nobodyListensThere() {
        door.close();
        client.send(CHAT);

        assertThat(client.readAll()).startsWith("HTTP/1.1 502 ");
    }
}
