/**
 * Culvert between programs that nobody wrote for it: nginx and HAProxy in front, npm's servers behind, and docker,
 * kubectl, curl, Chromium and npm's clients.
 *
 * <p>The tests themselves are {@code src/e2e}, in the app's own language; this room runs them in the integration phase
 * against the packaging that the build has made, and says what is missing where they cannot run.
 */
@NullMarked
package dev.culvert.e2e;

import org.jspecify.annotations.NullMarked;
