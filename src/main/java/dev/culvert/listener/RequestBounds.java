package dev.culvert.listener;

import dev.culvert.config.LimitSettings;
import dev.culvert.config.Settings;
import dev.culvert.tunnel.TunnelSockets;
import java.time.Duration;

/**
 * How much and how long a client may take for a request.
 *
 * @param headBytes of a head
 * @param headFields of a head
 * @param mostHeld bytes behind a request at which the socket is read no more
 * @param headerTimeout for a head
 * @param idleTimeout between two requests; zero is for ever
 */
record RequestBounds(int headBytes, int headFields, int mostHeld, Duration headerTimeout, Duration idleTimeout) {
    static RequestBounds of(Settings settings) {
        LimitSettings limits = settings.limits();
        return new RequestBounds(
                limits.headerSize().asBigInteger().intValueExact(),
                limits.headerCount(),
                TunnelSockets.heldEarly(settings.tunnel()),
                limits.headerTimeout(),
                limits.idleTimeout());
    }
}
