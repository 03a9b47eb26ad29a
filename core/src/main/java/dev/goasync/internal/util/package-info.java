/** Small utilities that do not depend on loops: locks, thread pools, logging that never throws. */
@NullMarked
package dev.goasync.internal.util;

import org.jspecify.annotations.NullMarked;
