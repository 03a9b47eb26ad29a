/** Sockets by JDK channels: streams, listeners, datagrams. */
@NullMarked
package dev.goasync.internal.nio.net;

import org.jspecify.annotations.NullMarked;
