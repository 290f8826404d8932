package dev.culvert.health;

import dev.culvert.listener.TrafficListener;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready for traffic: tunnels are admitted, and the app's port accepts. */
@Readiness
@Singleton
class ReadyCheck implements HealthCheck {
    private final TrafficListener traffic;
    private final AppReachable app;

    ReadyCheck(TrafficListener traffic, AppReachable app) {
        this.traffic = traffic;
        this.app = app;
    }

    @Override
    public HealthCheckResponse call() {
        boolean admitting = traffic.admission().isOpen();
        boolean reachable = app.test();
        return HealthCheckResponse.named("traffic")
                .status(admitting && reachable)
                .withData("draining", !admitting)
                .withData("upstream", reachable ? "up" : "down")
                .withData("tunnels", traffic.tunnels().size())
                .build();
    }
}
