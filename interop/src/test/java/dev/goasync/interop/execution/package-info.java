/** Tests of libraries that take an executor, or that run in the calling coroutine. */
@NullMarked
package dev.goasync.interop.execution;

import org.jspecify.annotations.NullMarked;
