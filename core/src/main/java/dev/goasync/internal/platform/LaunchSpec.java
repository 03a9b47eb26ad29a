package dev.goasync.internal.platform;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What child process to start.
 *
 * @param command the program, by name or by path, and its arguments
 * @param directory where it works; null for our own
 * @param inheritsEnvironment whether it begins with our environment, or with an empty one
 * @param changes variables to set, or with null to remove
 * @param ownGroup whether it begins a process group
 * @param terminal the size of the terminal that it gets instead of the three; null if none
 */
public record LaunchSpec(
    List<String> command,
    @Nullable Path directory,
    boolean inheritsEnvironment,
    Map<String, @Nullable String> changes,
    Stdio input,
    Stdio output,
    Stdio error,
    boolean ownGroup,
    @Nullable WindowSize terminal) {
  /** Where {@code execvp} looks if there is no PATH. */
  private static final String USUAL_PATH = "/usr/bin:/bin";

  /**
   * The file to execute, found as {@code execvp} finds it, in the child's PATH and seen from its
   * directory. Looks at file systems, which may take its time.
   *
   * @throws NoSuchFileException if there is none, or no such directory to work in; the message
   *     names it
   * @throws AccessDeniedException if there is one, but it may not be executed
   */
  public String findProgram() throws IOException {
    checkDirectory();
    String name = command.getFirst();
    if (name.indexOf('/') >= 0) {
      checkExecutable(name);
      return name;
    }
    String denied = null;
    String path = path();
    for (String folder : path.split(":", -1)) {
      String candidate = folder.isEmpty() ? "./" + name : folder + "/" + name;
      File file = seenFromChild(candidate);
      if (file.isFile()) {
        if (file.canExecute()) {
          return candidate;
        }
        denied = candidate;
      }
    }
    throw denied == null
        ? new NoSuchFileException(name, null, "no such command in the PATH " + path)
        : new AccessDeniedException(denied, null, "not executable");
  }

  private void checkDirectory() throws IOException {
    if (directory != null && !directory.toFile().isDirectory()) {
      throw directory.toFile().exists()
          ? new FileSystemException(
              directory.toString(), null, "no directory for " + command.getFirst() + " to work in")
          : new NoSuchFileException(
              directory.toString(),
              null,
              "no such directory for " + command.getFirst() + " to work in");
    }
  }

  private void checkExecutable(String name) throws IOException {
    File file = seenFromChild(name);
    if (!file.exists()) {
      throw new NoSuchFileException(name, null, "no such command");
    }
    if (file.isDirectory()) {
      throw new AccessDeniedException(name, null, "a directory, not a command");
    }
    if (!file.canExecute()) {
      throw new AccessDeniedException(name, null, "not executable");
    }
  }

  private File seenFromChild(String name) {
    return directory == null || name.startsWith("/")
        ? new File(name)
        : new File(directory.toFile(), name);
  }

  private String path() {
    String path =
        changes.containsKey("PATH")
            ? changes.get("PATH")
            : inheritsEnvironment ? System.getenv("PATH") : null;
    return path == null ? USUAL_PATH : path;
  }
}
