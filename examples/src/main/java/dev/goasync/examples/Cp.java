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
import java.util.Set;

/**
 * Copies a file or a folder with all that is in it, several files at once, like {@code cp -r}.
 * Ctrl-C leaves no file half copied. Usage: {@code cp SOURCE TARGET}
 */
public final class Cp {
  private static final int AT_ONCE = 16;
  private static final long MIB = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  /** A folder whose permissions are set when it is filled, since they may forbid to fill it. */
  private record Folder(Path target, Set<PosixFilePermission> permissions) {}

  private final ProgressBar bar = new ProgressBar();

  // Touched by coroutines of one loop only, so without locks.
  private final Deque<Folder> folders = new ArrayDeque<>();
  private long total;
  private long copied;
  private boolean failed;

  private Cp() {}

  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("usage: cp SOURCE TARGET");
      System.exit(2);
    }
    Cp cp = new Cp();
    Task<?> copying = goAsync(() -> cp.run(Path.of(args[0]), Path.of(args[1])));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(copying), "stop"));
    copying.await();
    System.exit(cp.failed ? 1 : 0);
  }

  /** On Ctrl-C, in a thread of the JVM's: the program ends when this returns. */
  private static void stop(Task<?> copying) {
    if (!copying.isCompleted()) {
      copying.cancel("Ctrl-C");
      try {
        copying.await(PATIENCE);
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
    AsyncFiles.walk(source, AT_ONCE, new Measuring());
    AsyncFiles.walk(source, AT_ONCE, new Copying(source, root));
    for (Folder folder : folders) {
      AsyncFiles.setPosixFilePermissions(folder.target, folder.permissions);
    }
    bar.remove();
  }

  private static boolean isInside(Path target, Path source) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    return parent != null
        && AsyncFiles.exists(parent)
        && AsyncFiles.toRealPath(parent).startsWith(AsyncFiles.toRealPath(source));
  }

  private void report(Path path, String why) {
    failed = true;
    bar.remove();
    System.err.println("cp: " + path + ": " + why);
  }

  private final class Measuring implements PathVisitor {
    @Override
    public void visit(Path path, BasicFileAttributes attributes) {
      total += attributes.isRegularFile() ? attributes.size() : 0;
    }

    @Override
    public void failed(Path path, IOException why) {
      // the copying will say so
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
          copyFolder(path, to);
        } else {
          copyFile(path, to);
        }
      } catch (IOException why) {
        failed(path, why);
      }
    }

    @Override
    public void failed(Path path, IOException why) {
      report(path, why.toString());
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

  private void copyFolder(Path from, Path to) throws IOException {
    if (AsyncFiles.isDirectory(to)) {
      return;
    }
    Set<PosixFilePermission> wanted =
        AsyncFiles.readAttributes(from, PosixFileAttributes.class).permissions();
    Set<PosixFilePermission> enough = EnumSet.copyOf(OWNERS);
    enough.addAll(wanted);
    AsyncFiles.createDirectory(to, PosixFilePermissions.asFileAttribute(enough));
    if (!enough.equals(wanted)) {
      Set<PosixFilePermission> given = AsyncFiles.getPosixFilePermissions(to);
      given.retainAll(wanted);
      folders.push(new Folder(to, given));
    }
  }
}
