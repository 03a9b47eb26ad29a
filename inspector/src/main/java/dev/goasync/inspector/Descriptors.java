package dev.goasync.inspector;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The open descriptors of this process by kind, with the time since which each has been seen; from
 * {@code /proc}, so on Linux only. Used by one thread.
 */
final class Descriptors {
  /** Numbers of a million descriptors would fill the page. */
  private static final int MAX_LISTED = 500;

  private static final int MAX_READ = 20_000;
  private static final Path DIRECTORY = Path.of("/proc/self/fd");

  private record Seen(String target, long first) {}

  /** The kernel walks all its sockets for the table of addresses. */
  private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(4);

  private Map<Integer, Seen> open = new HashMap<>();
  private String lastJson = "";
  private long lastRead;

  void forget() {
    open.clear();
    lastJson = "";
  }

  /** Appends an object with the counts by kind and a list; null where there is no {@code /proc}. */
  void appendTo(StringBuilder json, long now) {
    if (lastJson.isEmpty() || now - lastRead > REFRESH_NANOS) {
      StringBuilder text = new StringBuilder();
      print(text, now);
      lastJson = text.toString();
      lastRead = now;
    }
    json.append(lastJson);
  }

  private void print(StringBuilder json, long now) {
    Map<Integer, Seen> next = read(now);
    if (next == null) {
      json.append("null");
      return;
    }
    open = next;
    Map<String, Integer> counts = new TreeMap<>();
    open.values().forEach(seen -> counts.merge(kind(seen.target), 1, Integer::sum));
    Map<String, String> addresses =
        counts.getOrDefault("socket", 0) == 0 ? Map.of() : SocketAddresses.read();
    json.append("{\"counts\":{");
    String separator = "";
    for (var entry : counts.entrySet()) {
      json.append(separator).append('"').append(entry.getKey()).append("\":");
      json.append(entry.getValue());
      separator = ",";
    }
    json.append("},\"listed\":[");
    separator = "";
    for (var entry : new TreeMap<>(open).entrySet().stream().limit(MAX_LISTED).toList()) {
      Seen seen = entry.getValue();
      json.append(separator).append("{\"number\":").append(entry.getKey());
      json.append(",\"kind\":\"").append(kind(seen.target)).append("\",\"target\":");
      appendString(json, addresses.getOrDefault(seen.target, seen.target));
      json.append(",\"age\":").append(Ages.seconds(now - seen.first)).append('}');
      separator = ",";
    }
    json.append("]}");
  }

  private @Nullable Map<Integer, Seen> read(long now) {
    Map<Integer, Seen> next = new HashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(DIRECTORY)) {
      for (Path entry : entries) {
        if (next.size() < MAX_READ) {
          addTo(next, entry, now);
        }
      }
      return next;
    } catch (IOException noProc) {
      return null;
    }
  }

  private void addTo(Map<Integer, Seen> next, Path entry, long now) {
    try {
      int number = Integer.parseInt(String.valueOf(entry.getFileName()));
      String target = Files.readSymbolicLink(entry).toString();
      Seen before = open.get(number);
      boolean same = before != null && before.target.equals(target);
      next.put(number, same ? before : new Seen(target, now));
    } catch (IOException closedMeanwhile) {
      // such as the descriptor of the directory itself
    }
  }

  private static String kind(String target) {
    int colon = target.indexOf(':');
    String prefix = colon < 0 ? "" : target.substring(0, colon);
    return switch (prefix) {
      case "socket", "pipe" -> prefix;
      case "anon_inode" -> "kernel object";
      default -> target.startsWith("/dev/") ? "device" : "file";
    };
  }

  private static void appendString(StringBuilder json, String content) {
    json.append('"');
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || c == '<' || c > '~') {
        json.append("\\u").append(String.format("%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
