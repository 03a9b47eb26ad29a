package dev.goasync.examples.replicated;

import dev.goasync.examples.replicated.Message.AppendAnswer;
import dev.goasync.examples.replicated.Message.AppendRequest;
import dev.goasync.examples.replicated.Message.ClientAnswer;
import dev.goasync.examples.replicated.Message.ClientRequest;
import dev.goasync.examples.replicated.Message.VoteAnswer;
import dev.goasync.examples.replicated.Message.VoteRequest;
import dev.goasync.net.AsyncSocket;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends and receives messages: the length in four bytes, the type in one, the fields. */
final class Wire {
  private static final int MAX_LENGTH = 16 << 20;

  private Wire() {}

  static void send(AsyncSocket socket, Message message) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(0);
    write(message, out);
    ByteBuffer frame = ByteBuffer.wrap(bytes.toByteArray());
    frame.putInt(0, frame.remaining() - Integer.BYTES);
    socket.writeAll(frame);
  }

  /** Waits for a message; returns null at the end of the stream. */
  static @Nullable Message receive(AsyncSocket socket) throws IOException {
    if (socket.peek(ByteBuffer.allocate(1)) < 0) {
      return null;
    }
    int length = ByteBuffer.wrap(socket.readExactly(Integer.BYTES)).getInt();
    if (length < 1 || length > MAX_LENGTH) {
      throw new IOException("a message has " + length + " bytes; is the peer a node or a client?");
    }
    return read(new DataInputStream(new ByteArrayInputStream(socket.readExactly(length))));
  }

  private static void write(Message message, DataOutputStream out) throws IOException {
    switch (message) {
      case VoteRequest request -> {
        out.writeByte(1);
        out.writeLong(request.term());
        out.writeInt(request.candidate());
        out.writeLong(request.lastIndex());
        out.writeLong(request.lastTerm());
      }
      case VoteAnswer answer -> {
        out.writeByte(2);
        out.writeLong(answer.term());
        out.writeBoolean(answer.granted());
      }
      case AppendRequest request -> {
        out.writeByte(3);
        writeAppend(request, out);
      }
      case AppendAnswer answer -> {
        out.writeByte(4);
        out.writeLong(answer.term());
        out.writeBoolean(answer.matches());
        out.writeLong(answer.lastIndex());
      }
      case ClientRequest request -> {
        out.writeByte(5);
        request.command().writeTo(out);
      }
      case ClientAnswer answer -> {
        out.writeByte(6);
        out.writeBoolean(answer.done());
        out.writeInt(answer.leader());
        out.writeBoolean(answer.found());
        out.write(answer.value().getBytes(StandardCharsets.UTF_8)); // the rest of the frame
      }
    }
  }

  private static void writeAppend(AppendRequest request, DataOutputStream out) throws IOException {
    out.writeLong(request.term());
    out.writeInt(request.leader());
    out.writeLong(request.previousIndex());
    out.writeLong(request.previousTerm());
    out.writeLong(request.committed());
    out.writeInt(request.entries().size());
    for (Entry entry : request.entries()) {
      entry.writeTo(out);
    }
  }

  private static Message read(DataInputStream in) throws IOException {
    int type = in.readByte();
    return switch (type) {
      case 1 -> new VoteRequest(in.readLong(), in.readInt(), in.readLong(), in.readLong());
      case 2 -> new VoteAnswer(in.readLong(), in.readBoolean());
      case 3 -> readAppend(in);
      case 4 -> new AppendAnswer(in.readLong(), in.readBoolean(), in.readLong());
      case 5 -> new ClientRequest(Command.readFrom(in));
      case 6 ->
          new ClientAnswer(
              in.readBoolean(),
              in.readInt(),
              in.readBoolean(),
              new String(in.readNBytes(in.available()), StandardCharsets.UTF_8));
      default -> throw new IOException("there is no message of type " + type);
    };
  }

  private static AppendRequest readAppend(DataInputStream in) throws IOException {
    long term = in.readLong();
    int leader = in.readInt();
    long previousIndex = in.readLong();
    long previousTerm = in.readLong();
    long committed = in.readLong();
    int count = in.readInt();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(Entry.readFrom(in));
    }
    return new AppendRequest(term, leader, previousIndex, previousTerm, entries, committed);
  }
}
