/**
 * Requests that ask for no upgrade, carried by vertx-web-proxy with our field rules. What that library has no room for goes
 * around it: see the third decision in {@code docs/adr}.
 */
@NullMarked
package dev.culvert.plain;

import org.jspecify.annotations.NullMarked;
