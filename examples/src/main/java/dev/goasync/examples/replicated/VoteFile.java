package dev.goasync.examples.replicated;

import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The term of a node and its vote in that term. A node that forgets its vote may vote twice, and
 * then one term has two leaders; so {@link #save} returns when both are on the device.
 *
 * <p>A new file replaces the old one by a rename, which is atomic.
 */
class VoteFile {
  /** The vote of a node that has not voted in the term. */
  static final int NONE = 0;

  private static final int BYTES = Long.BYTES + Integer.BYTES;

  private final Path directory;
  private long term;
  private int vote = NONE;

  VoteFile(Path directory) {
    this.directory = directory;
  }

  final void load() throws IOException {
    Path file = directory.resolve("vote");
    if (!AsyncFiles.exists(file)) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(AsyncFiles.readAllBytes(file));
    byte[] content = Arrays.copyOf(bytes.array(), BYTES);
    if (bytes.remaining() != BYTES + Integer.BYTES
        || bytes.getInt(BYTES) != Storage.checksum(content)) {
      throw new IOException(
          file + " is damaged; delete the node's directory, and replace the node by a new one");
    }
    term = bytes.getLong();
    vote = bytes.getInt();
  }

  final long term() {
    return term;
  }

  final int vote() {
    return vote;
  }

  final void save(long newTerm, int newVote) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES + Integer.BYTES).putLong(newTerm).putInt(newVote);
    bytes.putInt(Storage.checksum(Arrays.copyOf(bytes.array(), BYTES))).flip();
    Path created = directory.resolve("vote.new");
    try (AsyncFile file =
        AsyncFile.open(
            created,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      Storage.write(file, bytes, 0);
      force(file);
    }
    AsyncFiles.move(
        created,
        directory.resolve("vote"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    forceName(directory);
    term = newTerm;
    vote = newVote;
  }

  void force(AsyncFile file) throws IOException {
    file.force(false);
  }

  void forceName(Path inDirectory) throws IOException {
    Storage.forceDirectory(inDirectory);
  }
}
