/**
 * The app's side of a handshake. In: a head and a body. Out: interim answers and the final one, or a {@link
 * dev.culvert.RefusedException} that names what the app did wrong. Each connection is for one upgrade alone.
 */
@NullMarked
package dev.culvert.upstream;

import org.jspecify.annotations.NullMarked;
