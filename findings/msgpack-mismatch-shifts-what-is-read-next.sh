#!/usr/bin/env bash
# MessagePack for Java 0.9.9: an unpacker is asked for an int where a string is, and the exception is handled.
# Guess: the string is still next, or it was skipped, so that the next value is right.
# Seen: only the first byte of the string is gone: the next unpackInt returns the character x as 120, not the 5 that was packed.
# Where the value is an integer that is too large for an int, the whole value was read.
. "$(dirname "$0")/lib.sh"
jars org.msgpack:msgpack-core:0.9.9
program <<'JAVA'
import org.msgpack.core.*;

class Program {
  public static void main(String[] args) throws Exception {
    var string = MessagePack.newDefaultBufferPacker();
    string.packString("x").packInt(5);
    show("string", string.toByteArray());
    var large = MessagePack.newDefaultBufferPacker();
    large.packLong(1L << 40).packInt(5);
    show("large integer", large.toByteArray());
  }

  static void show(String name, byte[] packed) throws Exception {
    try (var unpacker = MessagePack.newDefaultUnpacker(packed)) {
      String first;
      try {
        first = "returned " + unpacker.unpackInt();
      } catch (MessageTypeException mismatch) {
        first = mismatch.getClass().getSimpleName();
      }
      System.out.println(
          name + ": unpackInt " + first + " after " + unpacker.getTotalReadBytes() + " bytes, then " + unpacker.unpackInt());
    }
  }
}
JAVA
expect <<'TEXT'
string: unpackInt MessageTypeException after 1 bytes, then 120
large integer: unpackInt MessageIntegerOverflowException after 9 bytes, then 5
TEXT
