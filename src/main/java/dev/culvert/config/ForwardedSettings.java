package dev.culvert.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** What the app is told about the client: {@code X-Forwarded-For}, {@code -Proto}, {@code -Host}, {@code Forwarded}. */
@ConfigMapping(prefix = "culvert.forwarded")
public interface ForwardedSettings {
    /** `append` to what a trusted proxy sent, `replace` it, or `off`: leave these fields as they came. */
    @WithDefault("append")
    @WithConverter(Names.Forwarding.class)
    ForwardedMode mode();

    /** Proxies whose word counts, comma-separated CIDRs; what anyone else sent is dropped. Empty: nobody's. */
    Optional<List<@WithConverter(Names.Network.class) Cidr>> trustedProxies();
}
