/** Tests of the publishers, also by the Reactive Streams TCK, and of the schedulers. */
@NullMarked
package dev.goasync.reactive;

import org.jspecify.annotations.NullMarked;
