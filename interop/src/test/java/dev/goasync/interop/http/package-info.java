/** Tests of clients and servers of HTTP, and of what is built on them. */
@NullMarked
package dev.goasync.interop.http;

import org.jspecify.annotations.NullMarked;
