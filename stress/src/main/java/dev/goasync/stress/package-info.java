/** Soak test: all kinds of work at once, for any time. Uses the public packages. */
@NullMarked
package dev.goasync.stress;

import org.jspecify.annotations.NullMarked;
