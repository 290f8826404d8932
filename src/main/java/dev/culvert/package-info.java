/**
 * The floor plan. A request walks through the rooms in one direction:
 *
 * <pre>
 * client ─► listener ─► guard ─► handshake ─┬─► plain ───────────► app      (vertx-web-proxy)
 *                                           └─► upstream ─► tunnel ◄─► app  (two sockets, one event loop)
 * </pre>
 *
 * <ul>
 *   <li>{@link dev.culvert.listener.TrafficListener} takes connections, and leads each request through the rooms
 *   <li>{@link dev.culvert.guard.RequestGuard} lets nothing pass that is no clean HTTP/1.1
 *   <li>{@link dev.culvert.handshake.UpgradeRequest} knows an upgrade, and one that was stripped on the way
 *   <li>{@link dev.culvert.admission.Admission} gives room, or does not
 *   <li>{@link dev.culvert.upstream.UpstreamExchange} asks the app
 *   <li>{@link dev.culvert.tunnel.Takeover} makes a tunnel of two connections
 *   <li>{@link dev.culvert.plain.PlainRoute} carries everything else
 *   <li>{@link dev.culvert.observation.AccessLog} says what happened
 *   <li>{@link dev.culvert.config.Settings} is what the operator wants
 *   <li>{@link dev.culvert.lifecycle.Main} begins and ends all of it
 * </ul>
 *
 * This package itself is the vocabulary that all rooms share: {@link dev.culvert.Refusal}, why a request never became a tunnel;
 * {@link dev.culvert.CloseReason}, why a tunnel ended. It knows no room.
 */
@NullMarked
package dev.culvert;

import org.jspecify.annotations.NullMarked;
