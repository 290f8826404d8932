/**
 * The story in one process, for {@code mvn -Pdemo}: a chat that wants WebSockets, a front that breaks them, and Culvert.
 *
 * <pre>
 * browser ─► front ────────────► app      the handshake arrives without its Upgrade: 400, the chat polls
 * browser ─► front ─► Culvert ─► app      the handshake arrives whole: 101, the chat has its WebSocket
 * </pre>
 *
 * {@link dev.culvert.demo.Demo} puts it together, {@link dev.culvert.demo.ChatApp} is the app, {@link dev.culvert.demo.BareFront}
 * is the front. All of it stands among the tests: no jar and no image that is shipped contains it.
 */
@NullMarked
package dev.culvert.demo;

import org.jspecify.annotations.NullMarked;
