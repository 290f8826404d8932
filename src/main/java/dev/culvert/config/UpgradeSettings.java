package dev.culvert.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Which requests may become tunnels. */
@ConfigMapping(prefix = "culvert.upgrade")
public interface UpgradeSettings {
    /** Protocols that may be switched to, comma-separated; `*` is every one but `h2c`, which only counts if named. */
    @WithDefault("*")
    List<@WithConverter(Names.Protocol.class) String> protocols();

    /** When a WebSocket handshake that a proxy stripped is put back together: `safe`, `always` or `off`. */
    @WithDefault("safe")
    @WithConverter(Names.Restoration.class)
    RestoreMode restore();

    /** Origins that may open a tunnel, comma-separated, `https://*.example.org` allowed; empty: the app decides. */
    Optional<List<@WithConverter(Names.Origin.class) String>> origins();
}
