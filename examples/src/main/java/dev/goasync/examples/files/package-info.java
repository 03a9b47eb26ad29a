/**
 * The parts of the example {@code http-files}: requests, look-up, conditions, ranges, responses.
 */
@NullMarked
package dev.goasync.examples.files;

import org.jspecify.annotations.NullMarked;
