/** jcstress on the strands of portable mode. */
@NullMarked
package dev.goasync.internal.vthread;

import org.jspecify.annotations.NullMarked;
