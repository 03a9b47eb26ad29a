package dev.goasync.sync;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A simple model of channels and selects, after the rules of Go's: buffers as queues, one list of
 * waiting operations in the order of arrival. An operation is a list of alternatives; a plain send
 * or receive has one.
 */
final class ChannelModel {
  /** A send of {@code value}, or a receive if {@code value} is null. */
  record Alternative(int channel, @Nullable Integer value) {
    boolean isSend() {
      return value != null;
    }

    String closed() {
      return "channel " + channel + " is closed";
    }

    String sent() {
      return "sent " + value + " to " + channel;
    }

    String got(Integer received) {
      return "got " + received + " from " + channel;
    }
  }

  /** One operation that waits. */
  private record Waiting(int operation, List<Alternative> alternatives) {
    @Nullable Alternative on(int channel, boolean send) {
      for (Alternative each : alternatives) {
        if (each.channel == channel && each.isSend() == send) {
          return each;
        }
      }
      return null;
    }
  }

  private static final class Buffer {
    final ArrayDeque<Integer> values = new ArrayDeque<>();
    final int capacity;
    final boolean conflated;
    boolean closed;

    Buffer(int capacity, boolean conflated) {
      this.capacity = capacity;
      this.conflated = conflated;
    }
  }

  private final List<Buffer> channels = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();

  /** The channel of each operation that waits for one to be closed and drained. */
  private final Map<Integer, Integer> draining = new TreeMap<>();

  /** How each operation has ended. */
  final Map<Integer, String> outcomes = new TreeMap<>();

  void addChannel(int capacity, boolean conflated) {
    channels.add(new Buffer(capacity, conflated));
  }

  boolean isClosed(int channel) {
    return channels.get(channel).closed;
  }

  List<Integer> waitingOperations() {
    return Stream.concat(waiting.stream().map(Waiting::operation), draining.keySet().stream())
        .toList();
  }

  long waitingOn(int channel, boolean send) {
    return waiting.stream()
        .flatMap(each -> each.alternatives.stream())
        .filter(each -> each.channel == channel && each.isSend() == send)
        .count();
  }

  int buffered(int channel) {
    return channels.get(channel).values.size();
  }

  /**
   * Starts an operation.
   *
   * @param actual how the real operation has ended; null if it has not. Decides between several
   *     ready alternatives.
   */
  void start(
      int operation, List<Alternative> alternatives, boolean mayWait, @Nullable String actual) {
    List<Alternative> ready = alternatives.stream().filter(this::isReady).toList();
    if (ready.isEmpty()) {
      if (mayWait) {
        waiting.add(new Waiting(operation, alternatives));
      } else {
        outcomes.put(operation, "not ready");
      }
      return;
    }
    for (Alternative each : ready) {
      if (outcomeOf(each).equals(actual)) {
        outcomes.put(operation, perform(each));
        endDrained();
        return;
      }
    }
    outcomes.put(operation, "one of " + ready.stream().map(this::outcomeOf).toList());
  }

  void close(int channel) {
    channels.get(channel).closed = true;
    for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
      Waiting one = each.next();
      Alternative send = one.on(channel, true);
      Alternative any = send != null ? send : one.on(channel, false);
      if (any != null) {
        each.remove();
        outcomes.put(one.operation, any.closed());
      }
    }
    endDrained();
  }

  static String drained(int channel) {
    return "channel " + channel + " is drained";
  }

  void awaitDrained(int operation, int channel) {
    draining.put(operation, channel);
    endDrained();
  }

  private void endDrained() {
    draining
        .entrySet()
        .removeIf(each -> {
          Buffer channel = channels.get(each.getValue());
          boolean drained = channel.closed && channel.values.isEmpty();
          if (drained) {
            outcomes.put(each.getKey(), drained(each.getValue()));
          }
          return drained;
        });
  }

  void cancel(int operation) {
    boolean drain = draining.remove(operation) != null;
    if (waiting.removeIf(each -> each.operation == operation) || drain) {
      outcomes.put(operation, "cancelled");
    }
  }

  private boolean isReady(Alternative each) {
    Buffer channel = channels.get(each.channel);
    if (channel.closed || waitingOn(each.channel, !each.isSend()) > 0) {
      return true;
    }
    return each.isSend()
        ? channel.conflated || channel.values.size() < channel.capacity
        : !channel.values.isEmpty();
  }

  private String outcomeOf(Alternative each) {
    Buffer channel = channels.get(each.channel);
    if (each.isSend()) {
      return channel.closed ? each.closed() : each.sent();
    }
    Integer first = channel.values.peek();
    if (first != null) {
      return each.got(first);
    }
    Waiting sender = firstWaiting(each.channel, true);
    return sender == null ? each.closed() : each.got(valueOf(sender, each.channel));
  }

  private String perform(Alternative each) {
    String outcome = outcomeOf(each);
    Buffer channel = channels.get(each.channel);
    if (each.value != null) {
      if (!channel.closed) {
        send(channel, each, each.value);
      }
      return outcome;
    }
    channel.values.poll();
    Waiting sender = firstWaiting(each.channel, true);
    if (sender != null) {
      if (channel.capacity > 0) {
        channel.values.add(valueOf(sender, each.channel));
      }
      end(sender, sent(sender, each.channel));
    }
    return outcome;
  }

  private void send(Buffer channel, Alternative each, Integer value) {
    Waiting receiver = firstWaiting(each.channel, false);
    if (receiver != null) {
      end(receiver, each.got(value));
      return;
    }
    if (channel.conflated) {
      channel.values.clear();
    }
    channel.values.add(value);
  }

  private void end(Waiting served, String outcome) {
    waiting.remove(served);
    outcomes.put(served.operation, outcome);
  }

  private @Nullable Waiting firstWaiting(int channel, boolean send) {
    return waiting.stream().filter(each -> each.on(channel, send) != null).findFirst().orElse(null);
  }

  private static Integer valueOf(Waiting sender, int channel) {
    Alternative send = sender.on(channel, true);
    if (send == null || send.value == null) {
      throw new AssertionError(sender + " does not send to " + channel);
    }
    return send.value;
  }

  private static String sent(Waiting sender, int channel) {
    return new Alternative(channel, valueOf(sender, channel)).sent();
  }
}
