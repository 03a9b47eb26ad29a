/** Meters of loops, servers, channels and pools for Micrometer, and its contexts in coroutines. */
@NullMarked
package dev.goasync.micrometer;

import org.jspecify.annotations.NullMarked;
