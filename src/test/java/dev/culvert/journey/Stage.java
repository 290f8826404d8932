package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Culvert and the app behind it, for all conversations with the same settings, one after the other. */
final class Stage implements AutoCloseable {
    private static final String FULL = "app=full";
    private static final String GONE = "app=gone";
    private static final int POLL_MILLIS = 5;

    /** An upgrade; and where upgrades to it are not allowed, a plain request that does not keep its connection. */
    private static final String PROBE = CHAT.replace("Connection: Upgrade", "Connection: Upgrade, close");

    private final List<Wire> queue = new ArrayList<>();
    private final App app;
    private final boolean accepting;
    private final Culvert culvert;

    /**
     * Opens one.
     *
     * @param settings {@code key=value} without the leading {@code culvert.}; and of the app {@code app=gone}, which accepts
     *     no connection, or {@code app=full}, which leaves them unanswered
     */
    Stage(List<String> settings) {
        app = settings.contains(FULL) ? App.withFullQueue(queue) : new App();
        if (settings.contains(GONE)) {
            app.close();
        }
        accepting = !settings.contains(FULL) && !settings.contains(GONE);
        culvert = Culvert.start(
                app.port(),
                settings.stream()
                        .filter(s -> !s.equals(FULL) && !s.equals(GONE))
                        .toArray(String[]::new));
    }

    App app() {
        return app;
    }

    Culvert culvert() {
        return culvert;
    }

    /** Whether nobody connects to the app, where anybody could. */
    boolean isLeftAlone() {
        return !accepting || app.isLeftAlone();
    }

    /** Waits until an upgrade is not refused for want of room: with {@code limits.tunnels=1}, until there is no other. */
    void awaitRoom() {
        Await.until("there is room for a tunnel", () -> {
            try (Wire client = Wire.connect(culvert.port())) {
                client.send(PROBE);
                return isAdmitted(client);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** An upgrade that is admitted comes to the app, or is answered for another reason. */
    private boolean isAdmitted(Wire client) throws IOException {
        while (accepting && client.in().available() == 0) {
            Optional<Wire> behind = app.acceptWithin(POLL_MILLIS);
            if (behind.isPresent()) {
                behind.get().close();
                break;
            }
        }
        return !client.readAll().contains("tunnel_limit");
    }

    @Override
    public void close() {
        culvert.close();
        app.close();
        queue.forEach(Wire::close);
    }
}
