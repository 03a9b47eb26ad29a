/**
 * The bridges, proven with libraries that know nothing of us and with real servers: a hundred
 * coroutines of one loop at once.
 */
@NullMarked
package dev.goasync.interop;

import org.jspecify.annotations.NullMarked;
