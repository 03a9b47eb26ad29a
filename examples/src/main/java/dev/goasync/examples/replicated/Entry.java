package dev.goasync.examples.replicated;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * An entry of the log.
 *
 * @param term the term of the leader that has added it
 * @param command what is applied when the entry is committed
 */
record Entry(long term, Command command) {
  void writeTo(DataOutput out) throws IOException {
    out.writeLong(term);
    command.writeTo(out);
  }

  static Entry readFrom(DataInput in) throws IOException {
    return new Entry(in.readLong(), Command.readFrom(in));
  }
}
