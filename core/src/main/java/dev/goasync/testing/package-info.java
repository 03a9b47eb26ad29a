/** Test support for programs that use GoAsync: event loops with a virtual clock. */
@NullMarked
package dev.goasync.testing;

import org.jspecify.annotations.NullMarked;
