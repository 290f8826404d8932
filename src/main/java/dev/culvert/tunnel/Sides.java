package dev.culvert.tunnel;

import io.netty.channel.epoll.TunnelSocket;

/**
 * The two sockets of a tunnel.
 *
 * @param client whoever connected to us
 * @param app on the same event loop
 */
public record Sides(TunnelSocket client, TunnelSocket app) {}
