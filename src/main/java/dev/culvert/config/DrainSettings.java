package dev.culvert.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the process leaves. */
@ConfigMapping(prefix = "culvert.drain")
public interface DrainSettings {
    /** How long open work may take to end by itself when the process is told to stop, up to 365d; 0 is no time. */
    @WithDefault("25s")
    @WithConverter(Quantities.Time.class)
    Duration period();
}
