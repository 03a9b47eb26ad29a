/** jcstress tests of confined threads in portable mode. */
@NullMarked
package dev.goasync.internal.vthread;

import org.jspecify.annotations.NullMarked;
