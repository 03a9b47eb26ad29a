/**
 * What the coroutines of a program do and wait for: dumps, as values that print as a tree or as
 * JSON. {@code GoAsync.dump()} takes one.
 */
@NullMarked
package dev.goasync.inspect;

import org.jspecify.annotations.NullMarked;
