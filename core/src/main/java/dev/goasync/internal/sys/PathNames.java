package dev.goasync.internal.sys;

import java.nio.charset.Charset;
import java.nio.file.Path;

/** Paths, and other words for the kernel, as the JDK encodes them. */
public final class PathNames {
  private static final Charset CHARSET =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), Charset.defaultCharset());

  private PathNames() {}

  /** A path's bytes, without a NUL. */
  public static byte[] encode(Path path) {
    return encode(path.toString());
  }

  /** Any other word's bytes, without a NUL: an argument of a program, say. */
  public static byte[] encode(String word) {
    return word.getBytes(CHARSET);
  }

  /** The word of the first {@code length} bytes. */
  public static String decodeWord(byte[] bytes, int length) {
    return new String(bytes, 0, length, CHARSET);
  }

  /** The path of the first {@code length} bytes. */
  public static Path decode(byte[] bytes, int length) {
    return Path.of(decodeWord(bytes, length));
  }
}
