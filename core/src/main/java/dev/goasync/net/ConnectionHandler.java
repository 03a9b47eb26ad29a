package dev.goasync.net;

import dev.goasync.io.ByteStream;

/**
 * Serves one connection of a {@link Server}.
 *
 * @param <C> the type of the connections
 */
@FunctionalInterface
public interface ConnectionHandler<C extends ByteStream> {
  /**
   * Serves a connection, in a coroutine of its own. The server closes the connection afterwards.
   *
   * @throws Exception ends this connection only; the server reports it (see {@link
   *     Server.Options#onFailure})
   */
  void handle(C connection) throws Exception;
}
