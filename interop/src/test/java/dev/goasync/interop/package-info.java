/**
 * Tests of the bridges with libraries that are unaware of GoAsync, and with real servers: a hundred
 * concurrent coroutines on one loop.
 */
@NullMarked
package dev.goasync.interop;

import org.jspecify.annotations.NullMarked;
