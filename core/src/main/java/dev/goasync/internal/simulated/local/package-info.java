/** Bytes that stay inside one simulated host: pipes and Unix sockets. */
@NullMarked
package dev.goasync.internal.simulated.local;

import org.jspecify.annotations.NullMarked;
