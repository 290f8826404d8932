package dev.culvert.lifecycle;

import dev.culvert.config.AdminSettings;
import dev.culvert.config.DrainSettings;
import dev.culvert.config.ForwardedSettings;
import dev.culvert.config.LimitSettings;
import dev.culvert.config.ListenSettings;
import dev.culvert.config.LogSettings;
import dev.culvert.config.Settings;
import dev.culvert.config.TunnelSettings;
import dev.culvert.config.UpgradeSettings;
import dev.culvert.config.UpstreamSettings;
import dev.culvert.listener.TrafficListener;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/** Starts the traffic with the process and stops it with it. */
@ApplicationScoped
public class TrafficPlane {
    private static final int SECONDS = 5;

    /** Asks for each mapping by name: one that nobody injects is dropped at build time. */
    @Produces
    @Singleton
    Settings settings(
            ListenSettings listen,
            AdminSettings admin,
            UpstreamSettings upstream,
            UpgradeSettings upgrade,
            TunnelSettings tunnel,
            LimitSettings limits,
            ForwardedSettings forwarded,
            DrainSettings drain,
            LogSettings log) {
        return new Settings(listen, admin, upstream, upgrade, tunnel, limits, forwarded, drain, log);
    }

    @Produces
    @Singleton
    TrafficListener listener(Settings settings) {
        return new TrafficListener(settings);
    }

    void start(@Observes StartupEvent event, TrafficListener listener) throws Exception {
        listener.start().toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }

    void stop(@Observes ShutdownEvent event, TrafficListener listener) throws Exception {
        listener.stop().toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }
}
