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

    /**
     * Bytes that may wait for slow readers, all tunnels and plain requests together, 1M to 1G. The fuller it is, the less a
     * further reader gets; when it is full, new requests get a 503. The process may need as much again beside it.
     */
    @WithDefault("24M")
    @WithConverter(Quantities.SharedSize.class)
    MemorySize memory();

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
