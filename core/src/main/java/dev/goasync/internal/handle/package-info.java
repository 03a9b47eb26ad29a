/**
 * What resource types of several packages make of their handles.
 *
 * <p>Allowed neighbours: {@code io}, {@code internal.platform}.
 */
@NullMarked
package dev.goasync.internal.handle;

import org.jspecify.annotations.NullMarked;
