package dev.goasync.internal.platform;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * Explains why the system could not execute a program file that exists: the interpreter that it
 * names, in the first line of a script or in the header of a binary, does not exist or is not
 * executable. The system reports only that some file does not exist.
 */
final class ProgramCheck {
  /** The kernel reads so much of a script's first line (Linux 5.1). */
  private static final int MAX_LINE = 256;

  private static final int ELF_MAGIC = 0x464C_457F;
  private static final int ELF_HEADER_BYTES = 64;
  private static final int CLASS_AT = 4;
  private static final int CLASS_64 = 2;
  private static final int PROGRAM_HEADERS_AT = 32;
  private static final int PROGRAM_HEADER_SIZE_AT = 54;
  private static final int PROGRAM_HEADER_COUNT_AT = 56;
  private static final int TYPE_INTERPRETER = 3;
  private static final int OFFSET_AT = 8;
  private static final int LENGTH_AT = 32;

  private ProgramCheck() {}

  /**
   * Returns the exception that explains the failure; null if the program's interpreter is not the
   * reason.
   *
   * @param program the program's name, for the message
   * @param file the program's file, as seen from this process
   * @param directory the working directory of the program; null for that of this process
   */
  static @Nullable FileSystemException explain(
      String program, File file, @Nullable File directory) {
    try (RandomAccessFile content = new RandomAccessFile(file, "r")) {
      ByteBuffer start = read(content, 0, MAX_LINE);
      if (start.remaining() >= 2 && start.get(0) == '#' && start.get(1) == '!') {
        return explainScript(program, text(start, 2), directory);
      }
      String loader = loaderOf(content, start);
      return loader == null || new File(loader).exists()
          ? null
          : new NoSuchFileException(
              program,
              null,
              "the program loader "
                  + loader
                  + " does not exist; the file was built for another"
                  + " system or C library");
    } catch (IOException | RuntimeException notReadable) {
      return null;
    }
  }

  private static @Nullable FileSystemException explainScript(
      String program, String start, @Nullable File directory) {
    int end = start.indexOf('\n');
    String line = (end < 0 ? start : start.substring(0, end)).replaceAll("^[ \t]+", "");
    String name = line.split("[ \t\0]", 2)[0];
    if (name.isEmpty()) {
      return null;
    }
    File interpreter =
        name.startsWith("/") || directory == null ? new File(name) : new File(directory, name);
    if (name.endsWith("\r") && !interpreter.exists()) {
      return new NoSuchFileException(
          program,
          null,
          "the interpreter "
              + name.strip()
              + " of the script does not exist, as the first line ends in a carriage return; save"
              + " the script with Unix line ends");
    }
    if (!interpreter.exists()) {
      return new NoSuchFileException(
          program, null, "the interpreter " + name + " of the script does not exist");
    }
    return interpreter.isFile() && interpreter.canExecute()
        ? null
        : new AccessDeniedException(
            program, null, "the interpreter " + name + " of the script is not executable");
  }

  /** The path in the program header of type PT_INTERP; null if there is none. */
  private static @Nullable String loaderOf(RandomAccessFile content, ByteBuffer start)
      throws IOException {
    if (start.remaining() < ELF_HEADER_BYTES
        || start.getInt(0) != ELF_MAGIC
        || start.get(CLASS_AT) != CLASS_64) {
      return null;
    }
    int size = start.getShort(PROGRAM_HEADER_SIZE_AT);
    int count = start.getShort(PROGRAM_HEADER_COUNT_AT);
    for (int i = 0; i < count; i++) {
      ByteBuffer header = read(content, start.getLong(PROGRAM_HEADERS_AT) + (long) i * size, size);
      if (header.getInt(0) == TYPE_INTERPRETER) {
        int length = (int) Math.min(header.getLong(LENGTH_AT), MAX_LINE);
        return text(read(content, header.getLong(OFFSET_AT), length), 0).replace("\0", "");
      }
    }
    return null;
  }

  private static ByteBuffer read(RandomAccessFile content, long offset, int length)
      throws IOException {
    byte[] bytes = new byte[length];
    content.seek(offset);
    int count = content.read(bytes);
    return ByteBuffer.wrap(bytes, 0, Math.max(count, 0)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String text(ByteBuffer bytes, int from) {
    byte[] part = new byte[bytes.limit() - from];
    bytes.get(from, part);
    return new String(part, StandardCharsets.UTF_8);
  }
}
