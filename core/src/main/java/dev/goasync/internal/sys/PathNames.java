package dev.goasync.internal.sys;

import java.nio.charset.Charset;
import java.nio.file.Path;

/** Paths as the JDK encodes them for the kernel. */
public final class PathNames {
  private static final Charset CHARSET =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), Charset.defaultCharset());

  private PathNames() {}

  /** A path's bytes, without a NUL. */
  public static byte[] encode(Path path) {
    return path.toString().getBytes(CHARSET);
  }

  /** The path of the first {@code length} bytes. */
  static Path decode(byte[] bytes, int length) {
    return Path.of(new String(bytes, 0, length, CHARSET));
  }
}
