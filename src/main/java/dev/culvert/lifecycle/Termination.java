package dev.culvert.lifecycle;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * What SIGTERM means. While serving it is the first that we hear of the end: drain, then exit. During or after a drain, which
 * preStop began, it says that the app is gone: in a native sidecar it comes only then. There is nothing left to wait for. One
 * more ends the process where it stands.
 */
@Singleton
final class Termination {
    private static final Logger LOG = Logger.getLogger(Termination.class);

    /** What a shell says of a process that SIGTERM ended: 128 and the signal's number. */
    private static final int TERMINATED = 143;

    private final Drain drain;
    private boolean exiting;

    Termination(Drain drain) {
        this.drain = drain;
    }

    void listen(@Observes StartupEvent started) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            Sigterm.handle(this::terminate);
        }
    }

    private synchronized void terminate() {
        if (exiting) {
            Runtime.getRuntime().halt(TERMINATED);
        } else if (drain.state() == Drain.State.SERVING) {
            LOG.info("SIGTERM: draining, then exit");
            drain.begin().onComplete(drained -> exit());
        } else {
            LOG.infof("SIGTERM: exit, %s tunnels are left", drain.tunnels());
            exit();
        }
    }

    private synchronized void exit() {
        exiting = true;
        Quarkus.asyncExit();
    }
}
