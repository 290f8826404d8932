package dev.culvert.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The app that Culvert stands before. */
@ConfigMapping(prefix = "culvert.upstream")
public interface UpstreamSettings {
    /** The app: `http://host[:port]` or `unix:///path`. A host name is looked up once, at the start. */
    @WithDefault("http://127.0.0.1:8080")
    @WithConverter(Names.Upstream.class)
    UpstreamUrl url();

    /** Short form: replaces the port in `culvert.upstream.url`, 1 to 65535. */
    @WithConverter(Quantities.UpstreamPort.class)
    Optional<Integer> port();

    /** How long the app may take to accept a connection, 1ms to 1h; then the client gets a 504. */
    @WithDefault("5s")
    @WithConverter(Quantities.PositiveTime.class)
    Duration connectTimeout();

    /**
     * While the app boots: how long upgrades and idempotent requests wait for its port to accept, up to 365d, instead of
     * failing with a 502. 0 is not at all.
     */
    @WithDefault("0")
    @WithConverter(Quantities.Time.class)
    Duration connectRetry();

    /** How long the app may take from the last piece of a handshake to the head of its answer, 1ms to 24h; then a 504. */
    @WithDefault("30s")
    @WithConverter(Quantities.PositiveTime.class)
    Duration handshakeTimeout();
}
