/** Soak: everything at once, for as long as one likes. Uses the public packages. */
@NullMarked
package dev.goasync.stress;

import org.jspecify.annotations.NullMarked;
