package dev.culvert.listener;

import dev.culvert.admission.Admission;
import dev.culvert.config.Settings;
import dev.culvert.flow.Flow;
import dev.culvert.handshake.UpstreamHead;
import dev.culvert.observation.AccessLog;
import dev.culvert.tunnel.TunnelRegistry;
import dev.culvert.upstream.UpstreamClient;
import dev.culvert.upstream.UpstreamConnector;
import dev.culvert.upstream.UpstreamExchange;
import io.netty.channel.epoll.TunnelSocket;

/** What every connection's journey leads through; one for the process, shared by all event loops. */
record Rooms(
        Settings settings,
        RequestBounds bounds,
        Admission admission,
        UpstreamHead upstreamHead,
        UpstreamConnector upstream,
        Flow flow,
        TunnelRegistry tunnels,
        TrafficLoad load,
        AccessLog log) {
    /**
     * Begins an exchange with the app.
     *
     * @param app connected, without a reader
     * @param client told of the answer
     */
    UpstreamExchange exchange(TunnelSocket app, UpstreamClient client) {
        return new UpstreamExchange(app, client, settings.upstream().handshakeTimeout(), flow);
    }
}
