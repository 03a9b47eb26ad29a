package dev.goasync.internal.inspect;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the processes that have a pipe of this process open: a read ends only when all of them have
 * closed it. Linux; elsewhere nothing is found.
 */
final class PipeHolders {
  private static final Path PROC = Path.of("/proc");
  private static final int MAX_HOLDERS = 5;

  private PipeHolders() {}

  /** The name of the pipe behind a descriptor of this process; null if there is no pipe. */
  static @Nullable String pipeOf(int descriptor) {
    String link = descriptor < 0 ? null : link(PROC.resolve("self/fd/" + descriptor));
    return link != null && link.startsWith("pipe:") ? link : null;
  }

  /** The other processes that have the pipe, as a sentence. */
  static String of(String pipe) {
    List<String> holders = new ArrayList<>();
    long self = ProcessHandle.current().pid();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path process : processes) {
        String pid = process.getFileName().toString();
        if (holders.size() < MAX_HOLDERS
            && !pid.equals(Long.toString(self))
            && has(process, pipe)) {
          holders.add(pid + commandOf(process));
        }
      }
    } catch (IOException noProcesses) {
      return "the processes that have the pipe are not known";
    }
    return holders.isEmpty()
        ? "no other process has the pipe open"
        : "the pipe is open in process " + String.join(", ", holders);
  }

  private static boolean has(Path process, String pipe) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (pipe.equals(link(descriptor))) {
          return true;
        }
      }
    } catch (IOException endedOrForbidden) {
      // such a process cannot be looked into
    }
    return false;
  }

  private static @Nullable String link(Path path) {
    try {
      return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
          ? Files.readSymbolicLink(path).toString()
          : null;
    } catch (IOException | UnsupportedOperationException closedMeanwhile) {
      return null;
    }
  }

  private static String commandOf(Path process) {
    try {
      String command = Files.readString(process.resolve("cmdline")).replace('\0', ' ').strip();
      return command.isEmpty()
          ? ""
          : " (" + command.substring(0, Math.min(60, command.length())) + ")";
    } catch (IOException ended) {
      return "";
    }
  }
}
