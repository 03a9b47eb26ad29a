/** Tests of the HTTP servers and clients. */
@NullMarked
package dev.goasync.http;

import org.jspecify.annotations.NullMarked;
