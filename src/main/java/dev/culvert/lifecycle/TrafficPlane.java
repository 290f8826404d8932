package dev.culvert.lifecycle;

import dev.culvert.config.AdminSettings;
import dev.culvert.config.DrainSettings;
import dev.culvert.config.ForwardedSettings;
import dev.culvert.config.HealthSettings;
import dev.culvert.config.LimitSettings;
import dev.culvert.config.ListenSettings;
import dev.culvert.config.LogSettings;
import dev.culvert.config.Settings;
import dev.culvert.config.TunnelSettings;
import dev.culvert.config.UpgradeSettings;
import dev.culvert.config.UpstreamSettings;
import dev.culvert.listener.TrafficListener;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The traffic plane, as the framework has it: the start fails with it, and it stops with the framework. */
@ApplicationScoped
public class TrafficPlane {
    private static final Logger LOG = Logger.getLogger(TrafficPlane.class);
    private static final int SECONDS = 5;
    private static final int CANNOT_START = 1;

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
            HealthSettings health,
            LogSettings log) {
        return new Settings(listen, admin, upstream, upgrade, tunnel, limits, forwarded, drain, health, log);
    }

    /** Without a main, in the framework's own tests, it begins here. */
    @Produces
    @Singleton
    TrafficListener listener(Instance<Settings> settings) {
        return Traffic.begin(settings::get).listener();
    }

    void start(@Observes StartupEvent event, Instance<Settings> settings, ListenSettings listen) throws Exception {
        try {
            await(Traffic.begin(settings::get).bound());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException) {
                LOG.errorf(
                        "culvert.listen.port=%d: expected a port that is free on %s: %s",
                        listen.port(), listen.host(), e.getCause());
            } else {
                LOG.errorf("The traffic plane does not start: %s", e.getCause());
            }
            LOG.debug("The traffic plane does not start", e);
            Quarkus.asyncExit(CANNOT_START);
        }
    }

    void stop(@Observes ShutdownEvent event, TrafficListener listener) throws Exception {
        await(listener.stop());
    }

    private static void await(Future<Void> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }
}
