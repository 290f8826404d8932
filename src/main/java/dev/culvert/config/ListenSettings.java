package dev.culvert.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** Where traffic comes in. */
@ConfigMapping(prefix = "culvert.listen")
public interface ListenSettings {
    /** Address that takes the pod's traffic: a name or an IP address of this host; `0.0.0.0` is every one. */
    @WithDefault("0.0.0.0")
    @WithConverter(Names.Host.class)
    String host();

    /** TCP port that takes the pod's traffic, 0 to 65535; 0 takes a free one and logs it. */
    @WithDefault("10101")
    @WithConverter(Quantities.Port.class)
    int port();

    /** Threads that carry traffic, 0 to 64; 0 is one per CPU, at most 4. A connection stays on one for ever. */
    @WithDefault("0")
    @WithConverter(Quantities.EventLoops.class)
    int eventLoops();
}
