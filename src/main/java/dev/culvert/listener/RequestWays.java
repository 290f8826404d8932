package dev.culvert.listener;

import dev.culvert.RefusedException;
import dev.culvert.guard.RequestGuard;
import dev.culvert.handshake.UpgradeRequest;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The three ways that a request may go on a connection. Event loop only: the connection's. */
interface RequestWays {
    /** It is passed on to the HTTP server. */
    void plain(HttpRequest request);

    /** It becomes a tunnel, if the app switches. */
    void upgrade(HttpRequest request, UpgradeRequest asked);

    /** It is answered by us, and no further one is read. */
    void refuse(@Nullable HttpRequest request, RefusedException why);

    /** Leads a request whose head was read. */
    static void lead(HttpRequest request, Rooms rooms, RequestWays ways) {
        rooms.load().requested();
        Optional<UpgradeRequest> asked;
        try {
            RequestGuard.check(request);
            asked = UpgradeRequest.of(request, rooms.settings().upgrade());
            rooms.admission().checkMemory();
        } catch (RefusedException e) {
            ways.refuse(request, e);
            return;
        }
        if (asked.isPresent()) {
            ways.upgrade(request, asked.get());
        } else {
            ways.plain(request);
        }
    }
}
