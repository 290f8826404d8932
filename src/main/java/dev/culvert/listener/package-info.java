/**
 * Where traffic comes in. {@link dev.culvert.listener.TrafficListener} binds and puts the rooms together; behind it each request
 * is led through them: by the decoder, one of three ways, and for an upgrade the journey. A connection is a bare socket until its
 * first plain request, for which it becomes a channel of the HTTP server's. The only room that knows every other.
 */
@NullMarked
package dev.culvert.listener;

import org.jspecify.annotations.NullMarked;
