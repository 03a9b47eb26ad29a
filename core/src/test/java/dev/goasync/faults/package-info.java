/** Fault injection: makes each call of the kernel fail in turn. */
@NullMarked
package dev.goasync.faults;

import org.jspecify.annotations.NullMarked;
