package dev.goasync.interop.faults;

/** A client that is connected to a server. */
@SuppressWarnings("try") // the drivers' close methods declare what they like
interface Client extends AutoCloseable {
  /** Sends a request and checks the answer to its number. */
  void exchange(int number) throws Exception;

  /** Releases the client, whose connection may be broken. */
  @Override
  void close() throws Exception;
}
