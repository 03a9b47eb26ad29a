/**
 * The soak: a mix of operations on several loops for a chosen time. Uses the public packages only.
 */
@NullMarked
package dev.goasync.stress;

import org.jspecify.annotations.NullMarked;
