/** Tests of clients of message brokers and of servers with shared connections. */
@NullMarked
package dev.goasync.interop.messaging;

import org.jspecify.annotations.NullMarked;
