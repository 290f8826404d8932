/**
 * The admin server's pages: the drain. Room is kept for the list of tunnels, and for ending one. Probes have a room of their
 * own.
 */
@NullMarked
package dev.culvert.admin;

import org.jspecify.annotations.NullMarked;
