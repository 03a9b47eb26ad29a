/**
 * What a backend offers the resource types: files, streams, listeners. A resource type holds a
 * handle from here and knows no backend.
 *
 * <p>Every operation suits its caller: in a coroutine it pauses the coroutine, on any other thread
 * it blocks the thread. A handle belongs to no loop and may be used from several at once.
 */
@NullMarked
package dev.goasync.internal.platform;

import org.jspecify.annotations.NullMarked;
