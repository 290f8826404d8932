/**
 * Requests that ask for no upgrade, carried by vertx-web-proxy with our field rules. What that library cannot do is written
 * down in the README.
 */
@NullMarked
package dev.culvert.plain;

import org.jspecify.annotations.NullMarked;
