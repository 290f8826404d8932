package dev.culvert.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.Settings;
import dev.culvert.config.UpgradeSettings;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which requests ask for an upgrade, and which did before they were stripped: RFC 9110 §7.8, RFC 6455 §4.1. */
class UpgradeRequestTest {
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    private static UpgradeSettings settings(String protocols, String restore) {
        Map<String, String> properties =
                Map.of("culvert.upgrade.protocols", protocols, "culvert.upgrade.restore", restore);
        return Settings.of(Settings.build(
                        new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(properties, "test", 1))))
                .upgrade();
    }

    private static HttpRequest request(String line, String fields) {
        String[] parts = line.split(" ", -1);
        HttpRequest request =
                new DefaultHttpRequest(HttpVersion.valueOf("HTTP/" + parts[1]), HttpMethod.valueOf(parts[0]), "/");
        for (String field : fields.replace("KEY", KEY).split(";", -1)) {
            request.headers()
                    .add(
                            field.substring(0, field.indexOf(':')).strip(),
                            field.substring(field.indexOf(':') + 1).strip());
        }
        return request;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "GET 1.1  | Connection: Upgrade; Upgrade: websocket                     | *         | [websocket]",
                "GET 1.1  | Connection: keep-alive, Upgrade; Upgrade: WebSocket         | *         | [WebSocket]",
                "GET 1.1  | Connection: keep-alive; Connection: UPGRADE; Upgrade: tcp   | *         | [tcp]",
                "GET 1.1  | Connection: upgrade; Upgrade: websocket, websocket          | *         | [websocket]",
                "GET 1.1  | Connection: upgrade; Upgrade: a/1; Upgrade: b               | *         | [a/1, b]",
                "POST 1.1 | Connection: upgrade; Upgrade: SPDY/3.1                      | spdy      | [SPDY/3.1]",
                "GET 1.1  | Connection: upgrade; Upgrade: h2c, websocket                | *         | [websocket]",
                "GET 1.1  | Connection: upgrade; Upgrade: h2c                           | *         | -",
                "GET 1.1  | Connection: upgrade; Upgrade: h2c                           | h2c       | [h2c]",
                "GET 1.1  | Connection: upgrade; Upgrade: tcp, websocket                | websocket | [websocket]",
                "GET 1.1  | Connection: upgrade; Upgrade: tcp                           | websocket | -",
                "GET 1.1  | Connection: upgrade; Upgrade: tcp/\"1, websocket, 2\", tcp    | tcp       | [tcp]",
                "GET 1.1  | Connection: upgrade; Upgrade: \"h2c\", a b, a/, a//b, a/1     | *         | [a/1]",
                "GET 1.1  | Connection: close; Upgrade: tcp                             | *         | -",
                "GET 1.1  | Connection: upgrades; Upgrade: tcp                          | *         | -",
                "GET 1.1  | Connection: upgrade; X: y                                   | *         | -",
                "GET 1.0  | Connection: upgrade; Upgrade: tcp                           | *         | -",
            })
    void whatIsOfferedIsWhatIsAllowedEachOnceAsItWasSpelled(
            String line, String fields, String allowed, String protocols) {
        assertThat(UpgradeRequest.of(request(line, fields), settings(allowed, "safe"))
                        .map(upgrade -> upgrade.protocols().toString())
                        .orElse(null))
                .isEqualTo(protocols);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "GET 1.0  | Connection: close; KEY; Sec-WebSocket-Version: 13           | [upgrade, connection, http/1.1] | [upgrade, connection, http/1.1]",
                "GET 1.0  | KEY; Sec-WebSocket-Version: 13                              | [upgrade, connection, http/1.1] | [upgrade, connection, http/1.1]",
                "GET 1.0  | Connection: keep-alive; KEY; Sec-WebSocket-Version: 13      | -                               | [upgrade, connection, http/1.1]",
                "GET 1.0  | Connection: upgrade; Upgrade: websocket; KEY; Sec-WebSocket-Version: 13 | [http/1.1]          | [http/1.1]",
                "GET 1.1  | Connection: close; KEY; Sec-WebSocket-Version: 13           | [upgrade, connection]           | [upgrade, connection]",
                "GET 1.1  | Connection: close; Upgrade: WebSocket; KEY; Sec-WebSocket-Version: 13 | [connection]          | [connection]",
                "GET 1.1  | Connection: close, upgrade; KEY; Sec-WebSocket-Version: 13  | [upgrade]                       | [upgrade]",
                "GET 1.1  | KEY; Sec-WebSocket-Version: 13                              | -                               | [upgrade, connection]",
                "GET 1.1  | Upgrade: websocket; KEY; Sec-WebSocket-Version: 13          | -                               | [connection]",
                "GET 1.1  | Connection: keep-alive; KEY; Sec-WebSocket-Version: 13      | -                               | [upgrade, connection]",
                "POST 1.0 | Connection: close; KEY; Sec-WebSocket-Version: 13           | -                               | -",
                "GET 1.0  | Connection: close; KEY                                      | -                               | -",
                "GET 1.0  | Connection: close; Sec-WebSocket-Version: 13                | -                               | -",
                "GET 1.0  | Connection: close; KEY; KEY; Sec-WebSocket-Version: 13      | -                               | -",
                "GET 1.0  | Connection: close; Sec-WebSocket-Key: AAAA; Sec-WebSocket-Version: 13                     | - | -",
                "GET 1.0  | Connection: close; Sec-WebSocket-Key: !hlIHNhbXBsZSBub25jZQ==; Sec-WebSocket-Version: 13  | - | -",
                "GET 1.1  | Connection: close; Upgrade: tcp; KEY; Sec-WebSocket-Version: 13 | -                           | -",
            })
    void restorationNeedsTheEvidenceAndInSafeModeAHopThatIsNotReused(
            String line, String fields, String safe, String always) {
        assertThat(missing(request(line, fields), "safe")).isEqualTo(safe);
        assertThat(missing(request(line, fields), "always")).isEqualTo(always);
        assertThat(missing(request(line, fields), "off")).isNull();
    }

    private static @Nullable String missing(HttpRequest request, String restore) {
        return UpgradeRequest.of(request, settings("*", restore))
                .map(upgrade -> upgrade.missing().toString())
                .orElse(null);
    }
}
