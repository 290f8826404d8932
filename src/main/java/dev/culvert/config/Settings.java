package dev.culvert.config;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;

/** Every setting, read once. */
public record Settings(
        ListenSettings listen,
        AdminSettings admin,
        UpstreamSettings upstream,
        UpgradeSettings upgrade,
        TunnelSettings tunnel,
        LimitSettings limits,
        ForwardedSettings forwarded,
        DrainSettings drain,
        HealthSettings health,
        LogSettings log) {

    /** The mappings, in the order in which settings are listed. */
    public static final List<Class<?>> MAPPINGS = List.of(
            ListenSettings.class,
            AdminSettings.class,
            UpstreamSettings.class,
            UpgradeSettings.class,
            TunnelSettings.class,
            LimitSettings.class,
            ForwardedSettings.class,
            DrainSettings.class,
            HealthSettings.class,
            LogSettings.class);

    /**
     * Every key, in the order in which settings are listed. A native image cannot ask the mappings for it without
     * reflection; a test holds it against them.
     */
    public static final List<String> KEYS = List.of(
            "culvert.listen.host",
            "culvert.listen.port",
            "culvert.listen.event-loops",
            "culvert.admin.host",
            "culvert.admin.port",
            "culvert.upstream.url",
            "culvert.upstream.port",
            "culvert.upstream.connect-timeout",
            "culvert.upstream.connect-retry",
            "culvert.upstream.handshake-timeout",
            "culvert.upgrade.protocols",
            "culvert.upgrade.restore",
            "culvert.upgrade.origins",
            "culvert.tunnel.buffer",
            "culvert.tunnel.memory",
            "culvert.tunnel.idle-timeout",
            "culvert.tunnel.max-lifetime",
            "culvert.tunnel.linger",
            "culvert.limits.tunnels",
            "culvert.limits.connections",
            "culvert.limits.header-size",
            "culvert.limits.header-count",
            "culvert.limits.header-timeout",
            "culvert.limits.idle-timeout",
            "culvert.forwarded.mode",
            "culvert.forwarded.trusted-proxies",
            "culvert.drain.period",
            "culvert.health.upgrade-path",
            "culvert.log.level",
            "culvert.log.format",
            "culvert.log.access");

    /** Reads the mappings of a configuration that has them registered. */
    public static Settings of(SmallRyeConfig config) {
        return new Settings(
                config.getConfigMapping(ListenSettings.class),
                config.getConfigMapping(AdminSettings.class),
                config.getConfigMapping(UpstreamSettings.class),
                config.getConfigMapping(UpgradeSettings.class),
                config.getConfigMapping(TunnelSettings.class),
                config.getConfigMapping(LimitSettings.class),
                config.getConfigMapping(ForwardedSettings.class),
                config.getConfigMapping(DrainSettings.class),
                config.getConfigMapping(HealthSettings.class),
                config.getConfigMapping(LogSettings.class));
    }

    /**
     * Registers the mappings and builds.
     *
     * @throws io.smallrye.config.ConfigValidationException with a problem for each setting that has a wrong value
     */
    public static SmallRyeConfig build(SmallRyeConfigBuilder builder) {
        MAPPINGS.forEach(builder::withMapping);
        return builder.build();
    }
}
