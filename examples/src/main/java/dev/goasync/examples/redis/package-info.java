/** What {@code redis-mini} is made of: requests, keys, commands, replies. */
@NullMarked
package dev.goasync.examples.redis;

import org.jspecify.annotations.NullMarked;
