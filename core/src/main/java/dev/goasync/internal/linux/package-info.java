/**
 * The platform of both Linux backends: files, streams and listeners over descriptors, written once
 * over {@link dev.goasync.internal.linux.io.LinuxIo}. A backend implements it for coroutines;
 * {@code BlockingIo} serves plain threads.
 *
 * <p>Ownership: a {@code Descriptor} counts its users, so a number is never closed and reused while
 * an operation uses it. The memory that the kernel gets is that of a direct buffer, or a {@code
 * NativeBuffer} for the time of one operation.
 */
@NullMarked
package dev.goasync.internal.linux;

import org.jspecify.annotations.NullMarked;
