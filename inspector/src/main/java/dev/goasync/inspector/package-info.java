/** A page for a browser that shows, live, what the coroutines of a program do and wait for. */
@NullMarked
package dev.goasync.inspector;

import org.jspecify.annotations.NullMarked;
