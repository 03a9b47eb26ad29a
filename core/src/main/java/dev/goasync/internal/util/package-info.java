/** Small concurrency utilities that know nothing of loops: locks and thread pools. */
@NullMarked
package dev.goasync.internal.util;

import org.jspecify.annotations.NullMarked;
