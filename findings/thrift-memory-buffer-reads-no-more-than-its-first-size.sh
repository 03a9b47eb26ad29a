#!/usr/bin/env bash
# Apache Thrift 0.25.0: a TMemoryBuffer of the initial size 16 takes more bytes, as its Javadoc says, by growth.
# Guess: what was written can be read.
# Seen: a read may ask for 16 bytes at most, whatever the buffer holds; a larger one is refused with the text that the message
# exceeds a limit of 104857600. So TZlibTransport, which reads in larger blocks, cannot read from a small buffer at all.
. "$(dirname "$0")/lib.sh"
jars org.apache.thrift:libthrift:0.25.0 org.slf4j:slf4j-nop:2.0.17
program <<'JAVA'
import org.apache.thrift.transport.*;

class Program {
  public static void main(String[] args) throws Exception {
    for (int size : new int[] {16, 17}) {
      var buffer = new TMemoryBuffer(16);
      buffer.write(new byte[size]);
      System.out.println("length " + buffer.length() + ", a read of " + size + ": " + read(buffer, size));
    }
    var both = new TMemoryBuffer(16);
    both.write(new byte[20]);
    System.out.println("length " + both.length() + ", two reads of 10: " + read(both, 10) + ", " + read(both, 10));
    var compressed = new TZlibTransport(new TMemoryBuffer(16));
    compressed.write(new byte[3]);
    compressed.flush();
    System.out.println("TZlibTransport, 3 bytes: " + read(compressed, 3));
  }

  static String read(TTransport transport, int size) {
    try {
      return "read " + transport.readAll(new byte[size], 0, size);
    } catch (TTransportException thrown) {
      return thrown.getMessage().substring(thrown.getMessage().indexOf("Message size"));
    }
  }
}
JAVA
expect <<'TEXT'
length 16, a read of 16: read 16
length 17, a read of 17: Message size exceeds limit: 104857600
length 20, two reads of 10: read 10, read 10
TZlibTransport, 3 bytes: Message size exceeds limit: 104857600
TEXT
