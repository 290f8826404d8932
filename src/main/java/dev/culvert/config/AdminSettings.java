package dev.culvert.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** Where probes are answered. Quarkus' own HTTP server serves it, apart from the traffic. */
@ConfigMapping(prefix = "culvert.admin")
public interface AdminSettings {
    /** Address of the probes: a name or an IP address of this host; `0.0.0.0` is every one. */
    @WithDefault("0.0.0.0")
    @WithConverter(Names.Host.class)
    String host();

    /** TCP port of the probes, 0 to 65535; 0 takes a free one and logs it. */
    @WithDefault("10102")
    @WithConverter(Quantities.Port.class)
    int port();
}
