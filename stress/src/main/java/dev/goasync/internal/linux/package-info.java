/** jcstress on descriptors. */
@NullMarked
package dev.goasync.internal.linux;

import org.jspecify.annotations.NullMarked;
