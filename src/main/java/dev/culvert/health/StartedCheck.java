package dev.culvert.health;

import dev.culvert.listener.TrafficListener;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/**
 * The traffic port is bound. It must not depend on the app: Kubernetes starts the app only when this sidecar has started.
 */
@Startup
@Singleton
class StartedCheck implements HealthCheck {
    private final TrafficListener traffic;

    StartedCheck(TrafficListener traffic) {
        this.traffic = traffic;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("listener").status(traffic.port() > 0).build();
    }
}
