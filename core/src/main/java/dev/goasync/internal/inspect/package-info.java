/** Takes dumps: reads loops and coroutines in short slices, and from outside if a loop is stuck. */
@NullMarked
package dev.goasync.internal.inspect;

import org.jspecify.annotations.NullMarked;
