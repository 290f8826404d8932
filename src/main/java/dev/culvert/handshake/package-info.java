/**
 * The protocol of an upgrade, pure. In: a request that the guard let pass, or the app's answer to it. Out: what it asks for,
 * what the app is sent, what the client gets. RFC 9110 §7.6.1 and §7.8, RFC 6455 §4, RFC 7239. No I/O, no channel.
 */
@NullMarked
package dev.culvert.handshake;

import org.jspecify.annotations.NullMarked;
