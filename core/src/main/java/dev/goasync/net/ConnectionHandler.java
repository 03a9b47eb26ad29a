package dev.goasync.net;

import dev.goasync.io.ByteStream;

/**
 * What a {@link Server} does with a connection.
 *
 * @param <C> the connections
 */
@FunctionalInterface
public interface ConnectionHandler<C extends ByteStream> {
  /**
   * Serves a connection, in a coroutine of its own. The server closes the connection afterwards.
   *
   * @throws Exception ends this connection alone; the server reports it (see {@link
   *     Server.Options#onFailure})
   */
  void handle(C connection) throws Exception;
}
