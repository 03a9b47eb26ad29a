package dev.goasync.examples;

import static dev.goasync.GoAsync.goAsync;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.goasync.Task;
import dev.goasync.file.AsyncFiles;
import dev.goasync.file.PathVisitor;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Copies a file or a directory tree, several files concurrently, like {@code cp -r}. After Ctrl-C
 * no file is half copied. Usage: {@code cp SOURCE TARGET}
 */
public final class Cp {
  private static final int MAX_CONCURRENCY = 16;
  private static final long MIB = 1 << 20;
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /** A directory whose permissions are set after its files, since they may forbid writing. */
  private record CreatedDirectory(Path target, Set<PosixFilePermission> permissions) {}

  private final ProgressBar bar = new ProgressBar();

  // Used by coroutines of one loop only, so no locks are needed.
  private final Deque<CreatedDirectory> directories = new ArrayDeque<>();
  private long total;
  private long copied;
  private boolean failed;

  private Cp() {}

  public static void main(String[] args) {
    Cli.run("cp SOURCE TARGET", args, options -> copy(options.operands()));
  }

  private static void copy(List<String> paths) {
    Cp cp = new Cp();
    Task<?> copying = goAsync(() -> cp.run(Path.of(paths.getFirst()), Path.of(paths.getLast())));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(copying), "stop"));
    copying.await();
    System.exit(cp.failed ? 1 : 0);
  }

  /** Runs in a shutdown hook after Ctrl-C; the program ends when it returns. */
  private static void stop(Task<?> copying) {
    if (!copying.isCompleted()) {
      copying.cancel("Ctrl-C");
      try {
        copying.await(STOP_TIMEOUT);
      } catch (RuntimeException cancelled) {
        System.err.println("cp: stopped");
      }
    }
  }

  private void run(Path source, Path target) throws IOException {
    Path name = source.toAbsolutePath().normalize().getFileName();
    Path root = AsyncFiles.isDirectory(target) && name != null ? target.resolve(name) : target;
    if (!AsyncFiles.exists(source, NOFOLLOW_LINKS)) {
      report(source, "No such file or directory");
      return;
    }
    if (AsyncFiles.isDirectory(source, NOFOLLOW_LINKS) && isInside(root, source)) {
      report(source, "cannot be copied into itself");
      return;
    }
    AsyncFiles.walk(source, MAX_CONCURRENCY, new Measuring());
    AsyncFiles.walk(source, MAX_CONCURRENCY, new Copying(source, root));
    for (CreatedDirectory directory : directories) {
      AsyncFiles.setPosixFilePermissions(directory.target, directory.permissions);
    }
    bar.remove();
  }

  private static boolean isInside(Path target, Path source) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    return parent != null
        && AsyncFiles.exists(parent)
        && AsyncFiles.toRealPath(parent).startsWith(AsyncFiles.toRealPath(source));
  }

  private void report(Path path, String cause) {
    failed = true;
    bar.remove();
    System.err.println("cp: " + path + ": " + cause);
  }

  private final class Measuring implements PathVisitor {
    @Override
    public void visit(Path path, BasicFileAttributes attributes) {
      total += attributes.isRegularFile() ? attributes.size() : 0;
    }

    @Override
    public void failed(Path path, IOException cause) {
      // the copying reports it
    }
  }

  private final class Copying implements PathVisitor {
    private final Path source;
    private final Path target;

    Copying(Path source, Path target) {
      this.source = source;
      this.target = target;
    }

    @Override
    public void visit(Path path, BasicFileAttributes attributes) {
      Path to = path.equals(source) ? target : target.resolve(source.relativize(path).toString());
      try {
        if (attributes.isDirectory()) {
          copyDirectory(path, to);
        } else {
          copyFile(path, to);
        }
      } catch (IOException cause) {
        failed(path, cause);
      }
    }

    @Override
    public void failed(Path path, IOException cause) {
      report(path, cause.toString());
    }
  }

  private void copyFile(Path from, Path to) throws IOException {
    long[] before = {0};
    AsyncFiles.copy(
        from,
        to,
        soFar -> {
          copied += soFar - before[0];
          before[0] = soFar;
          bar.show(copied, total, copied / MIB + " of " + total / MIB + " MiB");
        },
        REPLACE_EXISTING,
        NOFOLLOW_LINKS);
  }

  private void copyDirectory(Path from, Path to) throws IOException {
    if (AsyncFiles.isDirectory(to)) {
      return;
    }
    Set<PosixFilePermission> wanted =
        AsyncFiles.readAttributes(from, PosixFileAttributes.class).permissions();
    Set<PosixFilePermission> enough = EnumSet.copyOf(OWNER_ONLY);
    enough.addAll(wanted);
    AsyncFiles.createDirectory(to, PosixFilePermissions.asFileAttribute(enough));
    if (!enough.equals(wanted)) {
      Set<PosixFilePermission> given = AsyncFiles.getPosixFilePermissions(to);
      given.retainAll(wanted);
      directories.push(new CreatedDirectory(to, given));
    }
  }
}
