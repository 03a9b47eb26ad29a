package dev.goasync.internal.simulated;

import dev.goasync.internal.simulated.resource.SimulatedResource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last events and messages of a run, to draw them: hosts as columns, messages as arrows. Owned
 * by the world's thread until the run has ended.
 */
public final class Picture {
  private static final int KEPT = 1_000;

  private final Deque<Note> notes = new ArrayDeque<>();
  private final Deque<Arrow> arrows = new ArrayDeque<>();
  private List<String> hosts = List.of();

  /**
   * An event.
   *
   * @param host the name of the host; null if the event is of a link
   */
  record Note(long nanos, @Nullable String host, String text) {}

  /** A message from one host to another. */
  static final class Arrow {
    private static final long ON_THE_WAY = -1;

    final String from;
    final String to;
    final long sent;
    private long ended = ON_THE_WAY;
    private boolean lost;

    Arrow(SimulatedHost from, SimulatedHost to, long sent) {
      this.from = from.name();
      this.to = to.name();
      this.sent = sent;
    }

    void end(long nanos, boolean wasLost) {
      ended = nanos;
      lost = wasLost;
    }

    boolean isOnTheWay() {
      return ended == ON_THE_WAY;
    }

    /** When the message arrived or was lost; the time of sending if it is on the way. */
    long ended() {
      return isOnTheWay() ? sent : ended;
    }

    boolean isLost() {
      return lost;
    }
  }

  void note(long nanos, String what, Object subject, long detail) {
    String number = detail == 0 ? "" : " " + detail;
    switch (subject) {
      case FiberRun _ -> {} // steps are too many to be drawn
      case SimulatedHost host -> add(new Note(nanos, host.name(), what + number));
      case SimulatedResource resource when resource.owner() instanceof HostRun run ->
          add(new Note(nanos, run.host.name(), resource + " " + what + number));
      default -> add(new Note(nanos, null, subject + " " + what + number));
    }
  }

  private void add(Note note) {
    notes.add(note);
    if (notes.size() > KEPT) {
      notes.remove();
    }
  }

  Arrow send(SimulatedHost from, SimulatedHost to, long nanos) {
    Arrow arrow = new Arrow(from, to, nanos);
    arrows.add(arrow);
    if (arrows.size() > KEPT) {
      arrows.remove();
    }
    return arrow;
  }

  void end(Collection<SimulatedHost> all) {
    hosts = all.stream().map(SimulatedHost::name).toList();
  }

  List<String> hosts() {
    return hosts;
  }

  Collection<Note> notes() {
    return notes;
  }

  /** The messages since the first event that is kept. */
  Collection<Arrow> arrows() {
    Note first = notes.peek();
    if (first == null || notes.size() < KEPT) {
      return arrows;
    }
    return arrows.stream().filter(arrow -> arrow.sent >= first.nanos).toList();
  }

  /**
   * Draws the picture.
   *
   * @param title the message of the failure
   * @return a document of XHTML
   */
  public String toHtml(String title) {
    return new PictureWriter(this).write(title);
  }
}
