package dev.culvert.tunnel;

import io.netty.channel.Channel;

/**
 * The two sockets of a tunnel.
 *
 * @param client whoever connected to us
 * @param app on the same event loop
 */
public record Sides(Channel client, Channel app) {}
