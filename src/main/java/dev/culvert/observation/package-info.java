/**
 * What an operator is told. In: events, in the words of the other rooms. Out: the access log. What comes from the wire is
 * escaped here.
 */
@NullMarked
package dev.culvert.observation;

import org.jspecify.annotations.NullMarked;
