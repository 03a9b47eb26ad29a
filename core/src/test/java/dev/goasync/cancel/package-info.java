/**
 * The cancellation sweep: cancels every operation of the library at every point of its life and
 * checks that no data and no resource is lost.
 *
 * <p>A new operation gets a row in the table of its kind, such as {@code SocketRows}. The row of a
 * receive, for example:
 *
 * <pre>{@code
 * final class Receive extends CancelRow {
 *   private final Channel<String> channel = Channel.buffered(1);
 *
 *   @Override
 *   Object run() {
 *     return channel.receive(); // waits until release()
 *   }
 *
 *   @Override
 *   void release() {
 *     channel.send("value");
 *   }
 *
 *   @Override
 *   void check(Object result, boolean released) {
 *     if (result == null && released) { // cancelled: the value must still be in the channel
 *       assertThat(channel.receive()).isEqualTo("value");
 *     }
 *   }
 * }
 * }</pre>
 */
@NullMarked
package dev.goasync.cancel;

import org.jspecify.annotations.NullMarked;
