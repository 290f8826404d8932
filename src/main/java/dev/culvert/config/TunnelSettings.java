package dev.culvert.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How a tunnel lives and ends. */
@ConfigMapping(prefix = "culvert.tunnel")
public interface TunnelSettings {
    /** Bytes held for each direction outside the kernel, 4K to 64M; beyond it the sender is not read. */
    @WithDefault("64K")
    @WithConverter(Quantities.BufferSize.class)
    MemorySize buffer();

    /** Both ends are closed after so long without a byte either way, up to 365d; 0 is never. */
    @WithDefault("0")
    @WithConverter(Quantities.Time.class)
    Duration idleTimeout();

    /** Both ends are closed after so long, give or take a tenth, up to 365d; 0 is never. */
    @WithDefault("0")
    @WithConverter(Quantities.Time.class)
    Duration maxLifetime();

    /** After one side ended its stream, how long the other may be silent before both are closed; 0 is for ever. */
    @WithDefault("30s")
    @WithConverter(Quantities.Time.class)
    Duration linger();
}
