package dev.goasync.internal.simulated;

/** Something that happens in the world at a time, such as the arrival of a message. */
final class Event implements Comparable<Event> {
  final long time;
  private final long sequence;
  final Runnable action;

  Event(long time, long sequence, Runnable action) {
    this.time = time;
    this.sequence = sequence;
    this.action = action;
  }

  @Override
  public int compareTo(Event other) {
    int byTime = Long.compare(time, other.time);
    return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
  }
}
