package dev.goasync.internal.sys;

import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Encodes paths and other strings for the kernel as the JDK does. */
public final class PathNames {
  private static final Charset CHARSET =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), Charset.defaultCharset());

  private PathNames() {}

  /** Encodes a path, without a NUL. */
  public static byte[] encode(Path path) {
    return encode(path.toString());
  }

  /** Encodes another string, such as a program's argument, without a NUL. */
  public static byte[] encode(String word) {
    return word.getBytes(CHARSET);
  }

  /**
   * Encodes a path that another program may have chosen.
   *
   * @throws InvalidPathException if a character has no encoding
   */
  public static byte[] encodeStrictly(String path) {
    if (!isAscii(path) && !CHARSET.newEncoder().canEncode(path)) {
      throw new InvalidPathException(
          path, "a character cannot be encoded in " + CHARSET + ", the encoding of file names");
    }
    return encode(path);
  }

  private static boolean isAscii(String path) {
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) > 0x7f) {
        return false;
      }
    }
    return true;
  }

  /** Decodes the first {@code length} bytes to a string. */
  public static String decodeWord(byte[] bytes, int length) {
    return new String(bytes, 0, length, CHARSET);
  }

  /** Decodes the first {@code length} bytes to a path. */
  public static Path decode(byte[] bytes, int length) {
    return Path.of(decodeWord(bytes, length));
  }
}
