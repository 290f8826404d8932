/**
 * The process: its command line, its start and its end.
 */
@NullMarked
package dev.culvert.lifecycle;

import org.jspecify.annotations.NullMarked;
