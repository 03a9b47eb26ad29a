package dev.goasync;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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

  /** The numbers of the open files whose path contains {@code part}. */
  public static Set<Integer> numbers(String part) throws IOException {
    try (var links = Files.list(Path.of("/proc/self/fd"))) {
      return links
          .filter(link -> target(link).contains(part))
          .map(link -> Integer.valueOf(link.getFileName().toString()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Whether it is closed when a program is started. */
  public static boolean isClosedOnExec(int number) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/fdinfo/" + number)).stream()
        .filter(line -> line.startsWith("flags:"))
        .anyMatch(line -> (Integer.parseInt(line.substring(6).strip(), 8) & 02000000) != 0);
  }

  /** Whether an epoll instance of the process knows the descriptor. */
  public static boolean isPolled(int number) throws IOException {
    try (var infos = Files.list(Path.of("/proc/self/fdinfo"))) {
      for (Path info : infos.toList()) {
        try {
          if (Files.readString(info).contains("tfd: %8d ".formatted(number))) {
            return true;
          }
        } catch (NoSuchFileException closedMeanwhile) {
          // and so of no interest
        }
      }
    }
    return false;
  }

  private static String target(Path link) {
    try {
      return Objects.toString(Files.readSymbolicLink(link));
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }
}
