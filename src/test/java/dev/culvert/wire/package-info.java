/** HTTP/1.1 as tests read and write it: bytes of their own, a reader of their own, no library's leniency. */
@NullMarked
package dev.culvert.wire;

import org.jspecify.annotations.NullMarked;
