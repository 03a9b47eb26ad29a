package dev.goasync.internal.linux.file;

import dev.goasync.internal.linux.io.NativeBuffer;
import dev.goasync.internal.platform.DirectoryHandle;
import dev.goasync.internal.sys.Linux;
import dev.goasync.internal.sys.PathNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Parses {@code struct linux_dirent64}: inode, offset, length of the record, type, name. */
final class DirectoryEntries {
  private static final int LENGTH_AT = 16;
  private static final int TYPE_AT = 18;
  private static final int NAME_AT = 19;

  /** Reads the type of an entry. */
  interface TypeReader {
    /** Reads the type of a name. */
    DirectoryHandle.Type read(String name) throws IOException;
  }

  private final TypeReader types;
  private final List<DirectoryHandle.Entry> entries = new ArrayList<>();

  /**
   * @param types reads the types that the file system does not list
   */
  DirectoryEntries(TypeReader types) {
    this.types = types;
  }

  List<DirectoryHandle.Entry> entries() {
    return entries;
  }

  /** Adds the entries in the first {@code count} bytes, without {@code .} and {@code ..}. */
  void add(NativeBuffer buffer, int count) throws IOException {
    ByteBuffer bytes = buffer.bytes();
    for (int at = 0; at < count; at += Short.toUnsignedInt(bytes.getShort(at + LENGTH_AT))) {
      add(name(bytes, at + NAME_AT), bytes.get(at + TYPE_AT));
    }
  }

  private static String name(ByteBuffer bytes, int at) {
    int end = at;
    while (bytes.get(end) != 0) {
      end++;
    }
    byte[] name = new byte[end - at];
    bytes.get(at, name);
    return PathNames.decodeWord(name, name.length);
  }

  /** Adds an entry; package-private for tests. */
  void add(String name, byte type) throws IOException {
    if (name.equals(".") || name.equals("..")) {
      return;
    }
    try {
      entries.add(new DirectoryHandle.Entry(name, type(name, type)));
    } catch (NoSuchFileException deletedMeanwhile) {
      // not an entry any more
    }
  }

  private DirectoryHandle.Type type(String name, byte number) throws IOException {
    return switch (number) {
      case Linux.DT_REG -> DirectoryHandle.Type.FILE;
      case Linux.DT_DIR -> DirectoryHandle.Type.DIRECTORY;
      case Linux.DT_LNK -> DirectoryHandle.Type.LINK;
      case Linux.DT_UNKNOWN -> types.read(name);
      default -> DirectoryHandle.Type.OTHER;
    };
  }
}
