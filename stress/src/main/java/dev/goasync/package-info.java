/** jcstress on what the root package shares between threads. */
@NullMarked
package dev.goasync;

import org.jspecify.annotations.NullMarked;
