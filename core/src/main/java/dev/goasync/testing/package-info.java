/** For tests of programs that use GoAsync: loops on a virtual clock, without sleeping. */
@NullMarked
package dev.goasync.testing;

import org.jspecify.annotations.NullMarked;
