package dev.goasync.http;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, of both protocols.
 *
 * @param authority of the target, or the value of Host; empty if there is none
 * @param protocol "HTTP/1.0", "HTTP/1.1" or "HTTP/2"
 * @param remote null if the stream below has no address
 */
record RequestHead(
    String method,
    Target target,
    String authority,
    Headers headers,
    String protocol,
    boolean secure,
    @Nullable SocketAddress remote) {
  boolean isHead() {
    return method.equals("HEAD");
  }
}
