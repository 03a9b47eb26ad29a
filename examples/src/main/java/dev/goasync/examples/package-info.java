/** Example programs, one for each file. {@code ./run} lists them. */
@NullMarked
package dev.goasync.examples;

import org.jspecify.annotations.NullMarked;
