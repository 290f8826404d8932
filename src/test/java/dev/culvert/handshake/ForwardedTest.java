package dev.culvert.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.config.Settings;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the app is told of the client: RFC 7239, and the fields that came before it. */
class ForwardedTest {
    private static HttpHeaders apply(String mode, String trusted, String peer, String... fields) throws Exception {
        Map<String, String> properties = trusted.isEmpty()
                ? Map.of("culvert.forwarded.mode", mode)
                : Map.of("culvert.forwarded.mode", mode, "culvert.forwarded.trusted-proxies", trusted);
        HttpHeaders headers = new DefaultHttpHeaders().add("Host", "a.example");
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        new Forwarded(Settings.of(Settings.build(new SmallRyeConfigBuilder()
                                .withSources(new PropertiesConfigSource(properties, "test", 1))))
                        .forwarded())
                .apply(headers, InetAddress.getByName(peer));
        return headers;
    }

    @Test
    void thePeerIsNamedInBothKinds() throws Exception {
        HttpHeaders headers = apply("append", "", "10.0.0.1");

        assertThat(headers.get("X-Forwarded-For")).isEqualTo("10.0.0.1");
        assertThat(headers.get("X-Forwarded-Proto")).isEqualTo("http");
        assertThat(headers.get("X-Forwarded-Host")).isEqualTo("a.example");
        assertThat(headers.get("Forwarded")).isEqualTo("for=10.0.0.1;host=\"a.example\";proto=http");
    }

    @Test
    void anIpv6PeerStandsInBracketsAndQuotes() throws Exception {
        assertThat(apply("append", "", "::1").get("Forwarded")).startsWith("for=\"[0:0:0:0:0:0:0:1]\";");
    }

    @Test
    void anUntrustedPeersWordIsDropped() throws Exception {
        HttpHeaders headers =
                apply("append", "10.0.0.0/8", "11.0.0.1", "X-Forwarded-For", "6.6.6.6", "Forwarded", "for=6.6.6.6");

        assertThat(headers.getAll("X-Forwarded-For")).containsExactly("11.0.0.1");
        assertThat(headers.get("Forwarded")).doesNotContain("6.6.6.6");
    }

    @Test
    void aTrustedChainIsExtendedAndNotBegunInItsMiddle() throws Exception {
        HttpHeaders headers = apply(
                "append",
                "10.0.0.0/8",
                "10.0.0.1",
                "X-Forwarded-For",
                "1.1.1.1",
                "X-Forwarded-For",
                "2.2.2.2",
                "X-Forwarded-Proto",
                "https");

        assertThat(headers.getAll("X-Forwarded-For")).containsExactly("1.1.1.1, 2.2.2.2, 10.0.0.1");
        assertThat(headers.get("X-Forwarded-Proto")).isEqualTo("https");
        assertThat(headers.contains("Forwarded")).isFalse();
    }

    @Test
    void replaceBelievesNobody() throws Exception {
        HttpHeaders headers = apply("replace", "10.0.0.0/8", "10.0.0.1", "X-Forwarded-For", "1.1.1.1");

        assertThat(headers.getAll("X-Forwarded-For")).containsExactly("10.0.0.1");
    }

    @Test
    void offTouchesNothing() throws Exception {
        HttpHeaders headers = apply("off", "", "10.0.0.1", "X-Forwarded-For", "1.1.1.1");

        assertThat(headers.names()).containsExactlyInAnyOrder("Host", "X-Forwarded-For");
    }

    @Test
    void lookalikesWithUnderscoresAreDropped() throws Exception {
        HttpHeaders headers =
                apply("append", "10.0.0.0/8", "10.0.0.1", "X_Forwarded_For", "6.6.6.6", "x-forwarded_proto", "https");

        assertThat(headers.toString()).doesNotContain("6.6.6.6").doesNotContain("x-forwarded_proto");
    }
}
