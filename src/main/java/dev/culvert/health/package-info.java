/**
 * The answers to the kubelet's probes, on the admin port.
 */
@NullMarked
package dev.culvert.health;

import org.jspecify.annotations.NullMarked;
