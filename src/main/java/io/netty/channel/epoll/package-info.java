/**
 * Not a room of ours: one door into Netty that it does not open itself. What must know a channel's epoll interest stands
 * here, and nothing else.
 */
@NullMarked
package io.netty.channel.epoll;

import org.jspecify.annotations.NullMarked;
