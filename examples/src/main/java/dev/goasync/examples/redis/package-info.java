/** The parts of the example {@code redis-mini}: requests, keys, commands, replies. */
@NullMarked
package dev.goasync.examples.redis;

import org.jspecify.annotations.NullMarked;
