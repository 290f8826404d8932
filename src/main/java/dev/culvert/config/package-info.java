/**
 * Settings. In: environment variables, by MicroProfile Config's rule. Out: a mapping for each concern, {@link
 * dev.culvert.config.Settings} for all. Defaults, units and bounds are here and nowhere else; {@link
 * dev.culvert.config.SettingsCheck} finds what is wrong before anything starts. Knows no other room.
 */
@NullMarked
package dev.culvert.config;

import org.jspecify.annotations.NullMarked;
