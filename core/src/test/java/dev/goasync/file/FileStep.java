package dev.goasync.file;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A random operation on an open file, which any implementation can perform. */
interface FileStep {
  int MAX_BYTES = 9_000;
  int MAX_GUARD = 16;

  /** Returns what a caller of the operation sees. */
  Object run(FileSubject file) throws IOException;

  /** The outcome of the operation: what it returns, or the kind of its exception. */
  static Object outcome(FileStep step, FileSubject file) {
    try {
      return step.run(file);
    } catch (FileSystemException thrown) {
      return thrown.getClass() == FileSystemException.class ? IOException.class : thrown.getClass();
    } catch (Exception thrown) {
      return thrown.getClass();
    }
  }

  static FileStep draw(Random random) {
    int size = size(random);
    long at = position(random);
    return switch (random.nextInt(24)) {
      case 0, 1, 2 -> reading(Target.draw(random, size));
      case 3, 4 -> readingAt(Target.draw(random, size), at);
      case 5, 6, 7 -> writing(source(random, size));
      case 8, 9 -> writingAt(source(random, size), at);
      case 10 -> gathering(source(random, size / 3), source(random, 0), source(random, size));
      case 11 -> scattering(Target.draw(random, size / 3), Target.draw(random, size));
      case 12, 13 -> positioning(bounded(at));
      case 14, 15 -> named("truncate " + at, file -> file.channel().truncate(at).size());
      case 16, 17 -> transferringTo(at, count(random, size));
      case 18, 19 -> transferringFrom(bytes(source(random, size)), at, count(random, size));
      case 20 -> copyingTo(random, at, count(random, size));
      case 21 -> copyingFrom(random, bounded(at), count(random, size));
      case 22 -> resizing(random.nextInt(2 * MAX_BYTES));
      default -> named("size", file -> file.channel().size());
    };
  }

  private static FileStep named(String name, FileStep step) {
    return new FileStep() {
      @Override
      public Object run(FileSubject file) throws IOException {
        return step.run(file);
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }

  private static int size(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt(3);
      case 1, 2 -> random.nextInt(40);
      case 3, 4 -> random.nextInt(600);
      default -> random.nextInt(MAX_BYTES);
    };
  }

  private static long position(Random random) {
    return switch (random.nextInt(40)) {
      case 0 -> -1;
      case 1 -> Long.MAX_VALUE;
      case 2 -> Long.MIN_VALUE;
      case 3, 4, 5, 6, 7, 8, 9, 10 -> random.nextInt(60);
      default -> random.nextInt(2 * MAX_BYTES);
    };
  }

  private static long count(Random random, int size) {
    return switch (random.nextInt(12)) {
      case 0 -> -1;
      case 1 -> Long.MAX_VALUE;
      case 2 -> Integer.MAX_VALUE;
      default -> random.nextInt(2 * size + 1);
    };
  }

  private static ByteBuffer source(Random random, int size) {
    ByteBuffer all = random.nextBoolean() ? Content.HEAP : Content.DIRECT;
    ByteBuffer source = all.slice(random.nextInt(all.capacity() - size), size);
    return random.nextInt(3) == 0 ? source.asReadOnlyBuffer() : source;
  }

  private static byte[] bytes(ByteBuffer source) {
    byte[] bytes = new byte[source.remaining()];
    source.get(source.position(), bytes);
    return bytes;
  }

  /** Without positions that are too large for a file system: the JDK asks the kernel early. */
  private static long bounded(long at) {
    return at > 2 * MAX_BYTES ? 0 : at;
  }

  private static FileStep positioning(long at) {
    return named("position " + at, file -> file.channel().position(at).position());
  }

  private static FileStep reading(Target target) {
    return named(
        "read " + target,
        file -> {
          ByteBuffer buffer = target.make();
          return Target.content(file.channel().read(buffer), buffer);
        });
  }

  private static FileStep readingAt(Target target, long at) {
    return named(
        "read " + target + " at " + at,
        file -> {
          ByteBuffer buffer = target.make();
          return Target.content(file.read(buffer, at), buffer);
        });
  }

  private static FileStep scattering(Target first, Target second) {
    return named(
        "read " + first + " and " + second,
        file -> {
          ByteBuffer one = first.make();
          ByteBuffer other = second.make();
          return Target.content(file.scatter(one, other), one, other);
        });
  }

  private static FileStep writing(ByteBuffer source) {
    return named(
        "write " + source.remaining(),
        file -> {
          ByteBuffer rest = source.duplicate();
          return List.of(file.channel().write(rest), rest.remaining());
        });
  }

  private static FileStep writingAt(ByteBuffer source, long at) {
    return named(
        "write " + source.remaining() + " at " + at,
        file -> {
          ByteBuffer rest = source.duplicate();
          return List.of(file.write(rest, at), rest.remaining());
        });
  }

  private static FileStep gathering(ByteBuffer... sources) {
    return named(
        "write " + Arrays.toString(sources),
        file -> {
          ByteBuffer[] rest =
              Arrays.stream(sources).map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new);
          return List.of(file.gather(rest), rest[0].remaining(), rest[2].remaining());
        });
  }

  private static FileStep transferringTo(long at, long count) {
    return named(
        "transfer " + count + " at " + at + " to memory",
        file -> {
          var target = new ByteArrayOutputStream();
          long moved = file.transferTo(at, count, Channels.newChannel(target));
          return List.of(moved, target.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
        });
  }

  private static FileStep transferringFrom(byte[] bytes, long at, long count) {
    return named(
        "transfer " + count + " of " + bytes.length + " to " + at + " from memory",
        file -> {
          var source = Channels.newChannel(new ByteArrayInputStream(bytes));
          return file.transferFrom(source, at, count);
        });
  }

  /** To another file, which has a position and content of its own. */
  private static FileStep copyingTo(Random random, long at, long count) {
    boolean own = random.nextBoolean();
    int start = random.nextInt(100);
    return named(
        "transfer " + count + " at " + at + " to a file at " + start,
        file -> {
          Path path = file.path().resolveSibling(file.path().getFileName() + "-target");
          long moved;
          long position;
          try (var target = FileChannel.open(path, WRITE, CREATE, TRUNCATE_EXISTING);
              var async = AsyncFile.open(path, WRITE)) {
            boolean byUs = own && !(file instanceof FileSubject.OfChannel jdk && jdk.isOfJdk());
            var used = byUs ? async : target;
            used.position(start);
            moved = file.transferTo(at, count, (WritableByteChannel) used);
            position = used.position();
          }
          List<Object> seen = new ArrayList<>(List.of(moved, position));
          seen.add(Arrays.hashCode(Files.readAllBytes(path)));
          Files.delete(path);
          return seen;
        });
  }

  private static FileStep copyingFrom(Random random, long at, long count) {
    boolean own = random.nextBoolean();
    int start = random.nextInt(100);
    byte[] bytes = bytes(source(random, size(random)));
    return named(
        "transfer " + count + " to " + at + " from a file of " + bytes.length + " at " + start,
        file -> {
          Path path = file.path().resolveSibling(file.path().getFileName() + "-source");
          Files.write(path, bytes);
          try (var jdks = FileChannel.open(path);
              var async = AsyncFile.open(path)) {
            boolean byUs = own && !(file instanceof FileSubject.OfChannel jdk && jdk.isOfJdk());
            var used = byUs ? async : jdks;
            used.position(start);
            long moved = file.transferFrom(used, at, count);
            return List.of(moved, used.position());
          } finally {
            Files.delete(path);
          }
        });
  }

  /** Another channel shortens or extends the file. */
  private static FileStep resizing(int size) {
    return named(
        "another channel sets the size to " + size,
        file -> {
          try (FileChannel channel = FileChannel.open(file.path(), WRITE)) {
            channel.truncate(size);
            if (channel.size() < size) {
              channel.write(ByteBuffer.wrap(new byte[] {1}), size - 1L);
            }
            return channel.size();
          }
        });
  }

  /** Random bytes to write. */
  final class Content {
    static final ByteBuffer HEAP = ByteBuffer.allocate(4 * MAX_BYTES);
    static final ByteBuffer DIRECT = ByteBuffer.allocateDirect(4 * MAX_BYTES);

    static {
      new Random(1).nextBytes(HEAP.array());
      DIRECT.put(HEAP.duplicate()).clear();
    }

    private Content() {}
  }

  /** How a buffer to read into is made. */
  record Target(int size, int before, boolean direct, boolean readOnly) {
    static Target draw(Random random, int size) {
      return new Target(
          size,
          random.nextInt(4) == 0 ? random.nextInt(MAX_GUARD) : 0,
          random.nextBoolean(),
          random.nextInt(60) == 0);
    }

    ByteBuffer make() {
      int capacity = size + before + MAX_GUARD;
      ByteBuffer made =
          direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
      made.position(before).limit(before + size);
      return readOnly ? made.asReadOnlyBuffer() : made;
    }

    /** The count and all bytes of the buffers, also those outside of position and limit. */
    static List<Object> content(long count, ByteBuffer... read) {
      List<Object> content = new ArrayList<>(List.of(count));
      for (ByteBuffer buffer : read) {
        content.add(buffer.position());
        content.add(buffer.limit());
        byte[] bytes = new byte[buffer.capacity()];
        buffer.clear().get(bytes);
        content.add(Arrays.hashCode(bytes));
      }
      return content;
    }
  }
}
