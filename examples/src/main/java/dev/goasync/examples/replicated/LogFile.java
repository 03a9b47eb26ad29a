package dev.goasync.examples.replicated;

import dev.goasync.file.AsyncFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of a node: in memory, and in a file. A record of the file is a length, a checksum, and an
 * entry. Entries count from 1.
 *
 * <p>Changes return when they are on the device. After a crash the file may end with records that
 * were not forced, of which parts may be missing: {@link #load} drops all from the first bad one.
 */
class LogFile implements Closeable {
  private static final int HEADER = 2 * Integer.BYTES;
  private static final int MAX_RECORD = 1 << 20;

  private final AsyncFile file;
  private final List<Entry> entries = new ArrayList<>();

  /** Where the record of each entry ends in the file. */
  private final List<Long> ends = new ArrayList<>();

  LogFile(AsyncFile file) {
    this.file = file;
  }

  /** Opens or creates the file; {@link #load} reads it. */
  static AsyncFile open(Path directory) throws IOException {
    AsyncFile file =
        AsyncFile.open(
            directory.resolve("log"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    Storage.forceDirectory(directory);
    return file;
  }

  final void load() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
    while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {}
    bytes.flip();
    byte[] record;
    while ((record = readRecord(bytes)) != null) {
      entries.add(Entry.readFrom(new DataInputStream(new ByteArrayInputStream(record))));
      ends.add((long) bytes.position());
    }
    if (file.size() > end(lastIndex())) {
      truncateFile();
    }
  }

  /** Returns the content of the next record; null if there is none, or it is not intact. */
  byte @Nullable [] readRecord(ByteBuffer bytes) {
    if (bytes.remaining() < HEADER) {
      return null;
    }
    int length = bytes.getInt();
    int checksum = bytes.getInt();
    if (length < 1 || length > Math.min(bytes.remaining(), MAX_RECORD)) {
      return null;
    }
    byte[] content = new byte[length];
    bytes.get(content);
    return Storage.checksum(content) == checksum ? content : null;
  }

  private long end(long index) {
    return index == 0 ? 0 : ends.get((int) index - 1);
  }

  final long lastIndex() {
    return entries.size();
  }

  final long lastTerm() {
    return termAt(lastIndex());
  }

  /** The term of an entry; 0 for index 0, the place before the first one. */
  final long termAt(long index) {
    return index == 0 ? 0 : entry(index).term();
  }

  final Entry entry(long index) {
    return entries.get((int) index - 1);
  }

  final boolean contains(long index, long term) {
    return index <= lastIndex() && termAt(index) == term;
  }

  /** At most {@code max} entries that follow {@code index}. */
  final List<Entry> after(long index, int max) {
    int from = (int) index;
    return List.copyOf(entries.subList(from, Math.min(entries.size(), from + max)));
  }

  /** Adds entries at the end. */
  final void append(List<Entry> added) throws IOException {
    var bytes = new ByteArrayOutputStream();
    List<Long> newEnds = new ArrayList<>();
    for (Entry entry : added) {
      bytes.write(recordOf(entry));
      newEnds.add(end(lastIndex()) + bytes.size());
    }
    Storage.write(file, ByteBuffer.wrap(bytes.toByteArray()), end(lastIndex()));
    file.force(false);
    entries.addAll(added);
    ends.addAll(newEnds);
  }

  private static byte[] recordOf(Entry entry) throws IOException {
    var bytes = new ByteArrayOutputStream();
    entry.writeTo(new DataOutputStream(bytes));
    byte[] content = bytes.toByteArray();
    if (content.length > MAX_RECORD) {
      throw new EOFException("an entry has " + content.length + " bytes");
    }
    return ByteBuffer.allocate(HEADER + content.length)
        .putInt(content.length)
        .putInt(Storage.checksum(content))
        .put(content)
        .array();
  }

  /** Makes {@code added} the entries after {@code index}, as far as they differ from the log. */
  final void replaceAfter(long index, List<Entry> added) throws IOException {
    int same = 0;
    while (same < added.size() && contains(index + same + 1, added.get(same).term())) {
      same++;
    }
    if (same < added.size()) {
      if (index + same < lastIndex()) {
        removeAfter(index + same);
      }
      append(added.subList(same, added.size()));
    }
  }

  private void removeAfter(long index) throws IOException {
    entries.subList((int) index, entries.size()).clear();
    ends.subList((int) index, ends.size()).clear();
    truncateFile();
  }

  private void truncateFile() throws IOException {
    file.truncate(end(lastIndex()));
    file.force(false);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
