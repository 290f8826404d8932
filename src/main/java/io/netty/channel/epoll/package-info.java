/**
 * Not a room of ours: doors into Netty that it does not open itself. What must know a channel's epoll interest, or be woken by
 * its event loop, stands here, and nothing else.
 */
@NullMarked
package io.netty.channel.epoll;

import org.jspecify.annotations.NullMarked;
