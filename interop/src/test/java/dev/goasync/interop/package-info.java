/**
 * Tests of the bridges with unmodified libraries and real servers: a hundred coroutines of one loop
 * at once.
 */
@NullMarked
package dev.goasync.interop;

import org.jspecify.annotations.NullMarked;
