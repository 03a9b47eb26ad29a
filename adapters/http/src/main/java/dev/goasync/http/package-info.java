/** HTTP/1.1 and HTTP/2 servers and clients that run a coroutine for each request. */
@NullMarked
package dev.goasync.http;

import org.jspecify.annotations.NullMarked;
