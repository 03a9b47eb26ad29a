/**
 * For tests of programs that use GoAsync: loops on a virtual clock, without sleeping.
 *
 * <p>Allowed neighbours: {@code root}, {@code internal.loop}, {@code internal.backend}.
 */
@NullMarked
package dev.goasync.testing;

import org.jspecify.annotations.NullMarked;
