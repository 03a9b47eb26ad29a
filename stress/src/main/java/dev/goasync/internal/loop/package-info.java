/** jcstress on the inbox and on waits. */
@NullMarked
package dev.goasync.internal.loop;

import org.jspecify.annotations.NullMarked;
