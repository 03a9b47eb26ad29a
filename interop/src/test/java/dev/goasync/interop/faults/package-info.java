/** Clients whose server fails: each error reaches its coroutine and no other one. */
@NullMarked
package dev.goasync.interop.faults;

import org.jspecify.annotations.NullMarked;
