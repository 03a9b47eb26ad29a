/** The bench: compares the library with its alternatives. */
@NullMarked
package dev.goasync.bench;

import org.jspecify.annotations.NullMarked;
