/** What resource types of several packages make of their handles. */
@NullMarked
package dev.goasync.internal.handle;

import org.jspecify.annotations.NullMarked;
