package dev.goasync.internal.sys;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Objects;
import java.util.Set;

/** Converts the attributes of a new file to a mode. */
public final class FileModes {
  private static final String PERMISSIONS = "posix:permissions";

  private FileModes() {}

  /** Returns the mode in {@code attributes}, or {@code defaultMode} if they contain none. */
  public static int of(int defaultMode, FileAttribute<?>... attributes) {
    int mode = defaultMode;
    for (FileAttribute<?> attribute : attributes) {
      Objects.requireNonNull(attribute, "attribute");
      if (!attribute.name().equals(PERMISSIONS)) {
        throw new UnsupportedOperationException(
            "'" + attribute.name() + "' not supported as initial attribute");
      }
      mode = 0;
      for (Object permission : (Set<?>) attribute.value()) {
        mode |= bit((PosixFilePermission) permission);
      }
    }
    return mode;
  }

  /** The bit of a permission in a mode. */
  public static int bit(PosixFilePermission permission) {
    return switch (permission) {
      case OWNER_READ -> 0400;
      case OWNER_WRITE -> 0200;
      case OWNER_EXECUTE -> 0100;
      case GROUP_READ -> 0040;
      case GROUP_WRITE -> 0020;
      case GROUP_EXECUTE -> 0010;
      case OTHERS_READ -> 0004;
      case OTHERS_WRITE -> 0002;
      case OTHERS_EXECUTE -> 0001;
    };
  }
}
