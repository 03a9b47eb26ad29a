/**
 * The system resources of this process: its {@linkplain dev.goasync.system.StandardStream standard
 * streams}, its {@linkplain dev.goasync.system.Terminal terminal}, the {@linkplain
 * dev.goasync.system.Signals signals} it receives, and {@linkplain dev.goasync.system.PollHandle
 * readiness} of descriptors and channels that other libraries have opened, and {@linkplain
 * dev.goasync.system.AsyncPipe pipes}.
 */
@NullMarked
package dev.goasync.system;

import org.jspecify.annotations.NullMarked;
