/**
 * What is no clean HTTP/1.1 goes no further. In: the bytes of a head, then the head; the framing of a chunked
 * body. Out: nothing, or a {@link dev.culvert.RefusedException}. The syntax of RFC 9112 §2 to §7 lives here, for requests and for the app's answers; and the
 * time that a head may take. No channel is touched here: rules are tables in tests.
 */
@NullMarked
package dev.culvert.guard;

import org.jspecify.annotations.NullMarked;
