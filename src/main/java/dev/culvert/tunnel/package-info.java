/**
 * Two sockets joined. In: two sockets that HTTP leaves. Out: bytes, unchanged and in order, and one {@link
 * dev.culvert.CloseReason}. Back-pressure, half-closes, resets and timers live here. A tunnel and both of its sockets live on
 * one event loop for ever: no locks.
 */
@NullMarked
package dev.culvert.tunnel;

import org.jspecify.annotations.NullMarked;
