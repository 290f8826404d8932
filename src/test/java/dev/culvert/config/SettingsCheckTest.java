package dev.culvert.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMappings;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator is told of the settings before anything starts. */
class SettingsCheckTest {
    @Test
    void anEmptyEnvironmentIsRightAndEveryKeyHasItsDefault() {
        SettingsCheck check = SettingsCheck.of(Map.of(), Map.of());

        assertThat(check.errors()).isEmpty();
        assertThat(check.warnings()).isEmpty();
        assertThat(check.effective().keySet()).containsExactlyElementsOf(Settings.KEYS);
        assertThat(check.effective())
                .containsEntry("culvert.listen.port", "10101")
                .containsEntry("culvert.upgrade.restore", "safe")
                .containsEntry("culvert.upgrade.origins", "");
    }

    @Test
    void theListOfKeysIsTheMappings() {
        TreeSet<String> mapped = new TreeSet<>();
        Settings.MAPPINGS.forEach(mapping -> mapped.addAll(
                ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(mapping)).keySet().stream()
                        .map(key -> key.replace("[*]", ""))
                        .toList()));

        assertThat(Settings.KEYS).containsExactlyInAnyOrderElementsOf(mapped);
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "CULVERT_LISTEN_HOST               | a b          | culvert.listen.host=a b: expected a host name or an IP address",
                "CULVERT_LISTEN_PORT               | 65536        | culvert.listen.port=65536: expected a port number, 0 to 65535",
                "CULVERT_LISTEN_EVENT_LOOPS        | many         | culvert.listen.event-loops=many: expected a number of threads, 0 to 64",
                "CULVERT_ADMIN_PORT                | tcp://1:2    | culvert.admin.port=tcp://1:2: expected a port number, 0 to 65535",
                "CULVERT_UPSTREAM_URL              | ftp://a      | culvert.upstream.url=ftp://a: expected http://host[:port] or unix:///path",
                "CULVERT_UPSTREAM_PORT             | 0            | culvert.upstream.port=0: expected a port number, 1 to 65535",
                "CULVERT_UPSTREAM_CONNECT_TIMEOUT  | 0            | culvert.upstream.connect-timeout=0: expected a time such as 500ms, 30s or 5m, 1ms to 24h",
                "CULVERT_UPGRADE_PROTOCOLS         | a b          | culvert.upgrade.protocols=a b: expected protocol names such as websocket, or *",
                "CULVERT_UPGRADE_RESTORE           | yes          | culvert.upgrade.restore=yes: expected safe, always or off",
                "CULVERT_UPGRADE_ORIGINS           | example.org  | culvert.upgrade.origins=example.org: expected origins such as https://example.org or https://*.example.org",
                "CULVERT_TUNNEL_BUFFER             | 1            | culvert.tunnel.buffer=1: expected a size such as 64K or 1M, 4K to 64M",
                "CULVERT_TUNNEL_MEMORY             | 64K          | culvert.tunnel.memory=64K: expected a size such as 24M, 1M to 1G",
                "CULVERT_TUNNEL_LINGER             | -1s          | culvert.tunnel.linger=-1s: expected a time such as 500ms, 30s or 5m, 0 (none) to 365d",
                "CULVERT_LIMITS_TUNNELS            | -1           | culvert.limits.tunnels=-1: expected a number, 0 (no limit) or more",
                "CULVERT_LIMITS_HEADER_COUNT       | 0            | culvert.limits.header-count=0: expected a number, 1 or more",
                "CULVERT_LIMITS_HEADER_SIZE        | 2M           | culvert.limits.header-size=2M: expected a size such as 16K, 512 to 1M",
                "CULVERT_FORWARDED_MODE            | maybe        | culvert.forwarded.mode=maybe: expected append, replace or off",
                "CULVERT_FORWARDED_TRUSTED_PROXIES | 10.0.0.0/33  | culvert.forwarded.trusted-proxies=10.0.0.0/33: expected CIDRs such as 10.0.0.0/8 or fd00::/8",
                "CULVERT_DRAIN_PERIOD              | soon         | culvert.drain.period=soon: expected a time such as 500ms, 30s or 5m, 0 (none) to 365d",
                "CULVERT_UPSTREAM_CONNECT_RETRY    | x            | culvert.upstream.connect-retry=x: expected a time such as 500ms, 30s or 5m, 0 (none) to 365d",
                "CULVERT_HEALTH_UPGRADE_PATH       | ws           | culvert.health.upgrade-path=ws: expected a path such as /ws",
                "CULVERT_LOG_LEVEL                 | loud         | culvert.log.level=loud: expected error, warn, info, debug or trace",
                "CULVERT_LOG_FORMAT                | xml          | culvert.log.format=xml: expected plain or json",
                "CULVERT_LOG_ACCESS                | true         | culvert.log.access=true: expected on or off",
            })
    void aWrongValueIsOneLineWithKeyValueAndExpectation(String variable, String value, String line) {
        SettingsCheck check = SettingsCheck.of(Map.of(variable, value), Map.of());

        assertThat(check.errors()).containsExactly(line);
        assertThat(check.effective()).isEmpty();
    }

    @Test
    void everyWrongValueIsNamed() {
        assertThat(SettingsCheck.of(Map.of("CULVERT_LISTEN_PORT", "a", "CULVERT_LOG_LEVEL", "b"), Map.of())
                        .errors())
                .hasSize(2);
    }

    @Test
    void anEmptyValueIsSaidToBeMissing() {
        assertThat(SettingsCheck.of(Map.of("CULVERT_UPGRADE_PROTOCOLS", ""), Map.of())
                        .errors())
                .containsExactly("culvert.upgrade.protocols=: expected a value");
    }

    @Test
    void aPortBesideAUnixSocketIsAConflict() {
        Map<String, String> both =
                Map.of("CULVERT_UPSTREAM_URL", "unix:///run/app.sock", "CULVERT_UPSTREAM_PORT", "8080");

        assertThat(SettingsCheck.of(both, Map.of()).errors())
                .containsExactly("culvert.upstream.port=8080: expected none, as culvert.upstream.url is a unix socket");
    }

    @Test
    void anUnknownVariableIsWarnedAboutWithTheNearestName() {
        assertThat(SettingsCheck.of(Map.of("CULVERT_LISTN_PORT", "1"), Map.of()).warnings())
                .containsExactly(
                        "CULVERT_LISTN_PORT is no setting of Culvert and is ignored; did you mean CULVERT_LISTEN_PORT?");
    }

    @Test
    void whatKubernetesSaysOfServicesIsNoSlipOfThePen() {
        Map<String, String> links = Map.of(
                "CULVERT_PORT", "tcp://10.0.0.1:80",
                "CULVERT_SERVICE_HOST", "10.0.0.1",
                "CULVERT_SERVICE_PORT_HTTP", "80",
                "CULVERT_PORT_80_TCP_ADDR", "10.0.0.1",
                "CULVERT_DEMO_PORT", "tcp://10.0.0.2:80",
                "CULVERT_DEMO_SERVICE_PORT", "80");

        assertThat(SettingsCheck.of(links, Map.of()).warnings()).isEmpty();
    }

    @Test
    void listsAndTheShortFormAreUnderstood() {
        SettingsCheck check = SettingsCheck.of(
                Map.of(
                        "CULVERT_UPGRADE_ORIGINS", "https://a.example, https://*.b.example",
                        "CULVERT_FORWARDED_TRUSTED_PROXIES", "10.0.0.0/8,fd00::/8",
                        "CULVERT_UPSTREAM_URL", "http://[::1]:3000"),
                Map.of());

        assertThat(check.errors()).isEmpty();
    }
}
