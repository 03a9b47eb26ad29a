/** Cancellation of every operation at every point. */
@NullMarked
package dev.goasync.cancel;

import org.jspecify.annotations.NullMarked;
