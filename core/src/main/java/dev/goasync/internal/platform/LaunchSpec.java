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
 * Description of a child process to start.
 *
 * @param command the program, by name or by path, and its arguments
 * @param directory the working directory; null for that of this process
 * @param inheritsEnvironment whether the child starts with this process's environment; otherwise
 *     with an empty one
 * @param changes environment variables to set; a null value removes the variable
 * @param ownGroup whether the child starts a process group
 * @param terminal the size of the pseudo terminal that replaces the three streams; null for none
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
    TerminalHandle.@Nullable Size terminal) {
  /** The directories that {@code execvp} searches if PATH is not set. */
  public static final String DEFAULT_PATH = "/usr/bin:/bin";

  /**
   * Finds the file to execute as {@code execvp} does: in the child's PATH, relative to the child's
   * directory. Blocks while it reads file systems.
   *
   * @throws NoSuchFileException if the file or the working directory does not exist; the message
   *     names it
   * @throws AccessDeniedException if the file exists and may not be executed
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
    for (String each : path.split(":", -1)) {
      String candidate = each.isEmpty() ? "./" + name : each + "/" + name;
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

  /**
   * Returns the exception for a program that {@link #findProgram} has found and the system could
   * not execute, if its interpreter is the reason; else null. Reads the program's file.
   */
  public @Nullable FileSystemException explainFailure(String program) {
    return ProgramCheck.explain(
        command.getFirst(), seenFromChild(program), directory == null ? null : directory.toFile());
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
    return path == null ? DEFAULT_PATH : path;
  }
}
