package dev.culvert.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How much a client may take. */
@ConfigMapping(prefix = "culvert.limits")
public interface LimitSettings {
    /** Tunnels and handshakes at once; the next upgrade gets a 503. 0 is no limit. */
    @WithDefault("0")
    @WithConverter(Quantities.Count.class)
    int tunnels();

    /** Client connections at once; further ones wait in the kernel's queue. 0 is no limit. */
    @WithDefault("0")
    @WithConverter(Quantities.Count.class)
    int connections();

    /** Bytes of a request's head, 512 to 1M; a longer one gets a 431, a longer request line a 414. */
    @WithDefault("16K")
    @WithConverter(Quantities.HeaderSize.class)
    MemorySize headerSize();

    /** Field lines of a request's head, at least 1; more get a 431. */
    @WithDefault("100")
    @WithConverter(Quantities.PositiveCount.class)
    int headerCount();

    /** From a head's first byte (or the accept) to its end, 1ms to 24h; then a 408. */
    @WithDefault("10s")
    @WithConverter(Quantities.PositiveTime.class)
    Duration headerTimeout();

    /** How long a connection may wait for its next request, up to 365d; then it is closed. 0 is for ever. */
    @WithDefault("60s")
    @WithConverter(Quantities.Time.class)
    Duration idleTimeout();
}
