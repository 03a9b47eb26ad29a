/** jcstress tests of the task machinery. */
@NullMarked
package dev.goasync.internal.task;

import org.jspecify.annotations.NullMarked;
