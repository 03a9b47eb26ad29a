/** jcstress tests of the inbox and of waits. */
@NullMarked
package dev.goasync.internal.loop;

import org.jspecify.annotations.NullMarked;
