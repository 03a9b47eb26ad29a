/** jcstress on what ways to meet hand between loops. */
@NullMarked
package dev.goasync.sync;

import org.jspecify.annotations.NullMarked;
