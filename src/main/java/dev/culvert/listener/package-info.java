/**
 * Where traffic comes in. {@link dev.culvert.listener.TrafficListener} binds and puts the rooms together; behind it a
 * connection's handlers lead each request through them: the decoder, the route, and for an upgrade the journey. The only room
 * that knows every other.
 */
@NullMarked
package dev.culvert.listener;

import org.jspecify.annotations.NullMarked;
