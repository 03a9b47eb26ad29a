/** Programs to read and to run, one per file: {@code ./run} lists them. */
@NullMarked
package dev.goasync.examples;

import org.jspecify.annotations.NullMarked;
