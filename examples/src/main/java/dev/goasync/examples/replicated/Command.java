package dev.goasync.examples.replicated;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A query or change of the store. A client that gets no answer sends the same command again; its
 * number keeps it from being applied twice.
 *
 * @param client identifies the client
 * @param number counts the commands of the client, from 1
 * @param kind what the command does
 * @param key the key
 * @param value the new value, or what is appended
 */
record Command(long client, long number, Kind kind, String key, String value) {
  static final int MAX_CHARS = 16_000;

  /** Changes nothing: the first entry of each leader. */
  static final Command NOTHING = new Command(0, 0, Kind.NOTHING, "", "");

  private static final Kind[] KINDS = Kind.values();

  /** What a command does. */
  enum Kind {
    NOTHING,
    GET,
    PUT,
    APPEND
  }

  Command {
    if (key.length() + value.length() > MAX_CHARS) {
      throw new IllegalArgumentException(
          "key and value are too long: " + (key.length() + value.length()) + " characters");
    }
  }

  @SuppressWarnings("EnumOrdinal") // logs have the number: a new kind comes last
  void writeTo(DataOutput out) throws IOException {
    out.writeLong(client);
    out.writeLong(number);
    out.writeByte(kind.ordinal());
    out.writeUTF(key);
    out.writeUTF(value);
  }

  static Command readFrom(DataInput in) throws IOException {
    long client = in.readLong();
    long number = in.readLong();
    int kind = in.readByte();
    if (kind < 0 || kind >= KINDS.length) {
      throw new IOException("there is no command of kind " + kind);
    }
    return new Command(client, number, KINDS[kind], in.readUTF(), in.readUTF());
  }
}
