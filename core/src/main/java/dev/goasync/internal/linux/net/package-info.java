/** Sockets by Linux system calls: streams, listeners, datagrams, passed descriptors. */
@NullMarked
package dev.goasync.internal.linux.net;

import org.jspecify.annotations.NullMarked;
