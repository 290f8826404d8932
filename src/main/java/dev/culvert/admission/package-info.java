/**
 * Who may open a tunnel now: room, origin, and whether the process is staying. Out: a permit that is released once.
 */
@NullMarked
package dev.culvert.admission;

import org.jspecify.annotations.NullMarked;
