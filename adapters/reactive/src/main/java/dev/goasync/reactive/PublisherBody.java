package dev.goasync.reactive;

/**
 * The work of a publisher for one subscriber; see {@link Publishers#of}.
 *
 * @param <T> the type of the values
 */
@FunctionalInterface
public interface PublisherBody<T> {
  /**
   * Emits the values. Its return completes the subscription, its exception fails it.
   *
   * @throws Exception the failure that the subscriber gets
   */
  void run(Emitter<T> emitter) throws Exception;
}
