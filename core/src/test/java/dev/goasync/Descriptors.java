package dev.goasync;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Counts the files and sockets that this process has open, to find what was left open. */
public final class Descriptors {
  static {
    try {
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Descriptors() {}

  /** From its first channel on the JDK keeps a socket of its own: returns when it is there. */
  public static void settle() {}

  /** Open sockets, and open files whose path contains {@code part}. */
  public static long count(String part) throws IOException {
    try (var links = Files.list(Path.of("/proc/self/fd"))) {
      return links
          .map(Descriptors::target)
          .filter(target -> target.startsWith("socket:") || target.contains(part))
          .count();
    }
  }

  private static String target(Path link) {
    try {
      return Objects.toString(Files.readSymbolicLink(link));
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }
}
