package dev.goasync.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Open files and their contents, attributes and locks on the real disk and on that of a simulated
 * host; see {@link FileParity}.
 */
@Timeout(60)
final class FileParityTest {
  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static String read(AsyncFile file, long position) throws Exception {
    ByteBuffer target = ByteBuffer.allocate(100);
    int count = file.read(target, position);
    return count + " " + UTF_8.decode(target.flip());
  }

  private static Object done(Object ignored) {
    return "done";
  }

  /** The scripts. */
  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  enum Scripts {
    CONTENTS((dir, log) -> {
      Path path = dir.resolve("file");
      log.add("missing", () -> AsyncFiles.readString(path));
      log.add("write", () -> AsyncFiles.writeString(path, "hello\nworld\n"));
      log.add("read", () -> AsyncFiles.readString(path));
      log.add("lines", () -> AsyncFiles.readAllLines(path));
      log.add("size", () -> AsyncFiles.size(path));
      log.add("append", () -> AsyncFiles.writeString(path, "!", APPEND));
      log.add("read", () -> AsyncFiles.readString(path));
      log.add("create new", () -> AsyncFiles.writeString(path, "x", CREATE_NEW));
      log.add("truncate", () -> AsyncFiles.writeString(path, "x", TRUNCATE_EXISTING, WRITE));
      log.add("read", () -> AsyncFiles.readString(path));
      log.add(
          "copy in",
          () -> AsyncFiles.copy(new ByteArrayInputStream(new byte[9]), dir.resolve("in")));
      log.add(
          "copy in again",
          () -> AsyncFiles.copy(new ByteArrayInputStream(new byte[9]), dir.resolve("in")));
      log.add("copy out", () -> AsyncFiles.copy(dir.resolve("in"), new ByteArrayOutputStream()));
      log.add(
          "lazy lines",
          () -> {
            try (Stream<String> lines = AsyncFiles.lines(path)) {
              return lines.toList();
            }
          });
      log.add("mismatch", () -> AsyncFiles.mismatch(path, dir.resolve("in")));
    }),
    OPEN_FILE((dir, log) -> {
      Path path = dir.resolve("file");
      log.add("open a missing", () -> AsyncFile.open(path, READ));
      AsyncFile file = AsyncFile.open(path, CREATE, READ, WRITE);
      log.add("write", () -> file.write(bytes("0123456789")));
      log.add("position", () -> file.position());
      log.add("read at the end", () -> file.read(ByteBuffer.allocate(10)));
      log.add("read at 4", () -> read(file, 4));
      log.add("read beyond", () -> read(file, 40));
      log.add("read nothing at the end", () -> file.read(ByteBuffer.allocate(0), 40));
      log.add("write beyond", () -> file.write(bytes("x"), 15));
      log.add("size", () -> file.size());
      log.add("the hole", () -> read(file, 8));
      log.add("negative", () -> file.read(ByteBuffer.allocate(1), -1));
      log.add("truncate", () -> done(file.truncate(5)));
      log.add("position", () -> file.position());
      log.add("longer", () -> done(file.truncate(50)));
      log.add("size", () -> file.size());
      log.add(
          "allocate",
          () -> {
            file.allocate(0, 5000);
            return file.size();
          });
      log.run(
          "force",
          () -> {
            file.force(true);
          });
      log.add(
          "attributes", () -> file.attributes().isRegularFile() + " " + file.attributes().size());
      log.add("text", () -> file);
      file.close();
      file.close();
      log.add("read after the close", () -> file.read(ByteBuffer.allocate(1)));
      log.add("size after the close", () -> file.size());
      log.add("position after the close", () -> file.position(1));
      log.run(
          "force after the close",
          () -> {
            file.force(false);
          });
      log.add("text", () -> file);
    }),
    MODES_OF_OPENING((dir, log) -> {
      Path path = AsyncFiles.writeString(dir.resolve("file"), "0123");
      try (AsyncFile input = AsyncFile.open(path);
          AsyncFile output = AsyncFile.open(path, APPEND)) {
        log.add("write to the input", () -> input.write(bytes("x")));
        log.add("truncate the input", () -> input.truncate(1));
        log.add("read from the output", () -> output.read(ByteBuffer.allocate(1)));
        log.add("append", () -> output.write(bytes("45"), 0));
        log.add("position", () -> output.position());
        log.add("read", () -> read(input, 0));
        log.add("move to", () -> output.transferTo(0, 1, input));
        log.add("move from", () -> input.transferTo(1, 2, output));
        log.add("read", () -> read(input, 0));
      }
      log.add("read and append", () -> AsyncFile.open(path, READ, APPEND));
      log.add("append and truncate", () -> AsyncFile.open(path, APPEND, TRUNCATE_EXISTING));
      try (AsyncFile temporary =
          AsyncFile.open(dir.resolve("t"), CREATE, WRITE, READ, DELETE_ON_CLOSE)) {
        temporary.write(bytes("still here"));
        log.add("deleted", () -> read(temporary, 0));
      }
      log.add("gone", () -> AsyncFiles.exists(dir.resolve("t")));
    }),
    LOCKS((dir, log) -> {
      Path path = dir.resolve("file");
      try (AsyncFile one = AsyncFile.open(path, CREATE, READ, WRITE);
          AsyncFile two = AsyncFile.open(path, READ, WRITE)) {
        var lock = one.tryLock(0, 10, false);
        log.add("overlapping", () -> two.tryLock(5, 10, false) == null);
        log.add("beside", () -> two.tryLock(10, 10, true) != null);
        Objects.requireNonNull(lock).close();
        log.add("released", () -> two.tryLock(0, 5, true) != null);
        log.add("shared", () -> one.tryLock(0, 5, true) != null);
      }
      try (AsyncFile three = AsyncFile.open(path, READ, WRITE)) {
        log.add("after the close", () -> three.tryLock() != null);
      }
    }),
    ATTRIBUTES((dir, log) -> {
      Path file = AsyncFiles.writeString(dir.resolve("file"), "content");
      FileTime time = FileTime.fromMillis(1_000_000_000);
      log.add("set the time", () -> AsyncFiles.setLastModifiedTime(file, time));
      log.add("time", () -> AsyncFiles.getLastModifiedTime(file));
      log.add(
          "permissions",
          () -> PosixFilePermissions.toString(AsyncFiles.getPosixFilePermissions(file)));
      log.add(
          "set",
          () ->
              AsyncFiles.setPosixFilePermissions(
                  file, PosixFilePermissions.fromString("rwxr-x---")));
      log.add(
          "permissions",
          () -> PosixFilePermissions.toString(AsyncFiles.getPosixFilePermissions(file)));
      log.add(
          "of a directory",
          () ->
              PosixFilePermissions.toString(
                  AsyncFiles.getPosixFilePermissions(
                      AsyncFiles.createDirectory(dir.resolve("sub")))));
      log.add(
          "executable", () -> AsyncFiles.isExecutable(file) + " " + AsyncFiles.isReadable(file));
      log.add("by name", () -> AsyncFiles.readAttributes(file, "size,isDirectory"));
      log.add(
          "one", () -> String.valueOf(AsyncFiles.getAttribute(file, "posix:permissions")).length());
      log.add("unknown", () -> AsyncFiles.getAttribute(file, "color"));
      log.add("unknown view", () -> AsyncFiles.getAttribute(file, "none:x"));
      log.add(
          "set by name",
          () -> AsyncFiles.setAttribute(file, "lastModifiedTime", FileTime.fromMillis(0)));
      log.add("time", () -> AsyncFiles.getLastModifiedTime(file));
      log.add(
          "of a missing",
          () -> AsyncFiles.readAttributes(dir.resolve("none"), BasicFileAttributes.class));
      log.add("hidden", () -> AsyncFiles.isHidden(dir.resolve(".x")));
      log.add(
          "private",
          () ->
              PosixFilePermissions.toString(
                  AsyncFiles.getPosixFilePermissions(AsyncFiles.createTempFile(dir, "a", null))));
      log.add(
          "temporary", () -> AsyncFiles.createTempFile(dir, "a", null).toString().endsWith(".tmp"));
      log.add("wrong prefix", () -> AsyncFiles.createTempFile(dir, "a/b", null));
      log.add(
          "with permissions",
          () ->
              PosixFilePermissions.toString(
                  AsyncFiles.getPosixFilePermissions(
                      AsyncFiles.createFile(
                          dir.resolve("p"),
                          PosixFilePermissions.asFileAttribute(
                              PosixFilePermissions.fromString("r--------"))))));
    });

    final FileParity.Script script;

    Scripts(FileParity.Script script) {
      this.script = script;
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSimulationAgreesWithTheDisk(Scripts scripts) throws Exception {
    FileParity.compare(scripts.script);
  }
}
