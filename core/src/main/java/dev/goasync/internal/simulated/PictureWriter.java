package dev.goasync.internal.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link Picture} as XHTML with an SVG. Each moment at which something happened is a row;
 * the distance between rows is not the time between them, which is written at the left.
 */
final class PictureWriter {
  private static final int LEFT = 160;
  private static final int COLUMN = 300;
  private static final int TOP = 50;
  private static final int LINE = 16;
  private static final int MAX_TEXT = 44;
  private static final int NAME_DISTANCE = 800;

  private static final Pattern FAULT =
      Pattern.compile(".*\\b(crashes|is off|is cut|is held|resets|loses|drops|sends again).*");

  private final Picture picture;
  private final Map<String, Integer> columns = new HashMap<>();

  /** The height at which a moment begins. */
  private final TreeMap<Long, Integer> rows = new TreeMap<>();

  private final StringBuilder out = new StringBuilder();
  private int height = TOP;

  PictureWriter(Picture picture) {
    this.picture = picture;
    for (String host : picture.hosts()) {
      columns.put(host, LEFT + columns.size() * COLUMN);
    }
    layOut();
  }

  /** A moment is as high as the longest list of notes that a host has then. */
  private void layOut() {
    Map<Long, Map<String, Integer>> counts = new TreeMap<>();
    for (Picture.Note note : picture.notes()) {
      counts.computeIfAbsent(note.nanos(), _ -> new HashMap<>()).merge(key(note), 1, Integer::sum);
    }
    for (Picture.Arrow arrow : picture.arrows()) {
      counts.computeIfAbsent(arrow.sent, _ -> new HashMap<>());
      counts.computeIfAbsent(arrow.ended(), _ -> new HashMap<>());
    }
    counts.forEach((nanos, perHost) -> {
      rows.put(nanos, height);
      int lines = perHost.values().stream().mapToInt(Integer::intValue).max().orElse(1);
      height += LINE * lines + LINE / 2;
    });
  }

  private static String key(Picture.Note note) {
    return note.host() == null ? "" : note.host();
  }

  private int row(long nanos) {
    return rows.getOrDefault(nanos, TOP);
  }

  String write(String title) {
    int width = LEFT + Math.max(1, columns.size()) * COLUMN;
    out.append("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><head>")
        .append("<meta charset=\"UTF-8\"/><title>Simulation</title><style>")
        .append("body,text{font:12px sans-serif}")
        .append(" text{paint-order:stroke;stroke:#fff;stroke-width:3px}")
        .append(" .time{fill:#888} .host{font-weight:bold}")
        .append(" .life{stroke:#ccc} .message{stroke:#27c;marker-end:url(#head)}")
        .append(" .lost{stroke:#c22;stroke-dasharray:4} .fault{fill:#c22;font-weight:bold}")
        .append("</style></head><body><pre>")
        .append(escaped(title))
        .append("</pre>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
        .append(width)
        .append("\" height=\"")
        .append(height + LINE)
        .append("\"><defs><marker id=\"head\" markerWidth=\"8\" markerHeight=\"8\" refX=\"7\"")
        .append(" refY=\"4\" orient=\"auto\"><path d=\"M0,0L8,4L0,8z\" fill=\"#27c\"/></marker>")
        .append("</defs>\n");
    columns.forEach(this::writeHost);
    rows.forEach((nanos, y) -> text(0, y, "time", Duration.ofNanos(nanos).toString()));
    picture.arrows().forEach(this::writeArrow);
    writeNotes();
    columns.forEach(this::writeName);
    return out.append("</svg></body></html>\n").toString();
  }

  private void writeHost(String host, int x) {
    line(x, TOP - LINE, x, height, "life");
  }

  /** Writes the name several times, since a picture is higher than a window. */
  private void writeName(String host, int x) {
    for (int y = TOP - 2 * LINE; y < height; y += NAME_DISTANCE) {
      text(x, y, "host", host);
    }
  }

  private void writeArrow(Picture.Arrow arrow) {
    Integer from = columns.get(arrow.from);
    Integer to = columns.get(arrow.to);
    if (from == null || to == null || arrow.isOnTheWay()) {
      return;
    }
    if (arrow.isLost()) {
      int middle = (from + to) / 2;
      line(from, row(arrow.sent), middle, row(arrow.ended()), "lost");
      text(middle, row(arrow.ended()), "fault", "\u00d7 lost");
    } else {
      line(from, row(arrow.sent), to, row(arrow.ended()), "message");
    }
  }

  private void writeNotes() {
    List<Picture.Note> before = new ArrayList<>();
    for (Picture.Note note : picture.notes()) {
      if (!before.isEmpty() && before.getFirst().nanos() != note.nanos()) {
        before.clear();
      }
      long above = before.stream().filter(each -> key(each).equals(key(note))).count();
      before.add(note);
      int y = row(note.nanos()) + (int) above * LINE;
      text(
          xOf(note.host()),
          y,
          FAULT.matcher(note.text()).matches() ? "fault" : "note",
          note.text());
    }
  }

  private int xOf(@Nullable String host) {
    return host == null ? LEFT / 2 : columns.getOrDefault(host, LEFT) + LINE / 2;
  }

  private void line(int x1, int y1, int x2, int y2, String style) {
    out.append("<line class=\"").append(style).append("\" x1=\"").append(x1);
    out.append("\" y1=\"").append(y1).append("\" x2=\"").append(x2);
    out.append("\" y2=\"").append(y2).append("\"/>\n");
  }

  private void text(int x, int y, String style, String text) {
    String shown = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "\u2026";
    out.append("<text class=\"").append(style).append("\" x=\"").append(x).append("\" y=\"");
    out.append(y).append("\">").append(escaped(shown)).append("</text>\n");
  }

  /** Also replaces what XML does not allow, such as a NUL in the message of an exception. */
  private static String escaped(String text) {
    return text.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF]", "\ufffd")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }
}
