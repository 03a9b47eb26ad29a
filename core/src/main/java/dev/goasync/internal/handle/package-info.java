/** Adapters from handles to public interfaces, shared by the packages of resource types. */
@NullMarked
package dev.goasync.internal.handle;

import org.jspecify.annotations.NullMarked;
