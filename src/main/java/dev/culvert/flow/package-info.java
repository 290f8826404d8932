/**
 * How bytes leave this process, of tunnels and of plain requests: by turns of the event loop, and in one bound for all that
 * waits for readers who do not read. No more is read from a source than its sink may still get. The ninth and tenth decisions in
 * {@code docs/adr}.
 */
@NullMarked
package dev.culvert.flow;

import org.jspecify.annotations.NullMarked;
