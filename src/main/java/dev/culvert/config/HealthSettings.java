package dev.culvert.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import java.util.Optional;

/** What the probes ask of the app. */
@ConfigMapping(prefix = "culvert.health")
public interface HealthSettings {
    /**
     * Deep readiness: a path such as `/ws` on which the app is asked for a WebSocket, which is closed again at once. Without
     * it, readiness asks whether the app's port accepts.
     */
    @WithConverter(Names.Target.class)
    Optional<String> upgradePath();
}
