package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.StreamHandle;
import dev.goasync.internal.platform.Targets;
import dev.goasync.internal.simulated.resource.NotSimulated;
import dev.goasync.internal.simulated.resource.SocketOptionValues;
import dev.goasync.internal.simulated.resource.WaitQueue;
import dev.goasync.internal.sys.Errno;
import dev.goasync.internal.sys.IoErrors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TCP connection between simulated hosts.
 *
 * <p><b>Errors</b> are those of Linux: after a reset the bytes that have arrived can be read, then
 * one operation throws the error, and later ones find the end of the stream or a broken pipe; a
 * read that has met a reset meets it again. After the peer's end a reset is a broken pipe for the
 * writer, and stays the end for the reader.
 *
 * <p><b>Window.</b> {@link #unreleased} counts the bytes that were written and whose room the peer
 * has not released yet. The peer releases the room of bytes that it has read in steps of a quarter
 * of the window, so an idle connection always has room.
 */
final class SimulatedStream extends InternetSocket implements StreamHandle {
  /** The bytes that may be on the way and unread. */
  private static final int WINDOW = 64 * 1024;

  private static final int RELEASE_AT = WINDOW / 4;

  private final InetSocketAddress local;
  private final InetSocketAddress remote;
  private final StreamSender sender;
  private final WaitQueue readers = new WaitQueue();
  private final WaitQueue writers = new WaitQueue();
  private @Nullable SimulatedStream peer;

  // Input.
  private final Deque<ByteBuffer> received = new ArrayDeque<>();
  private int unread;
  private int readUnreported;
  private boolean peerEnded;
  private boolean inputShut;

  // Output.
  private int unreleased;
  private boolean outputShut;

  /** The errno that the next operation throws; 0 if there is none. */
  private int error;

  /** Whether the connection is over because of an error. */
  private boolean broken;

  /** Whether a read has met a reset: later reads throw too, as on the other backends. */
  private boolean resetRead;

  SimulatedStream(
      HostRun run, SocketOptionValues options, InetSocketAddress local, InetSocketAddress remote) {
    super(run, options);
    this.local = local;
    this.remote = remote;
    this.sender = new StreamSender(this);
  }

  static void join(SimulatedStream one, SimulatedStream two) {
    one.peer = two;
    two.peer = one;
  }

  /** The local address. */
  InetSocketAddress local() {
    return local;
  }

  SimulatedStream peer() {
    return Objects.requireNonNull(peer);
  }

  // ---- operations ----

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (inputShut) {
      checkOpen();
      return -1;
    }
    Targets.requireWritable(target);
    Fiber fiber = begin();
    if (!target.hasRemaining()) {
      return 0;
    }
    while (unread == 0) {
      if (peerEnded || inputShut) {
        return -1;
      }
      if (resetRead || error == Errno.ECONNRESET) {
        resetRead = true;
        broken = true;
        error = 0;
        throw IoErrors.ofSocket(Errno.ECONNRESET, this);
      }
      if (error != 0) {
        throw takeError();
      }
      if (broken) {
        return -1;
      }
      await(fiber, readers, "bytes from " + this);
    }
    int count = world().schedule().limitTransfer(Math.min(unread, target.remaining()));
    take(target, count);
    return count;
  }

  private void take(ByteBuffer target, int count) {
    int left = count;
    while (left > 0) {
      ByteBuffer first = received.element();
      int moved = Math.min(left, first.remaining());
      target.put(first.slice(first.position(), moved));
      first.position(first.position() + moved);
      left -= moved;
      if (!first.hasRemaining()) {
        received.remove();
      }
    }
    unread -= count;
    world().trace("reads bytes:", this, count);
    release(count);
  }

  private void release(int count) {
    readUnreported += count;
    if (readUnreported >= RELEASE_AT) {
      int reported = readUnreported;
      readUnreported = 0;
      sender.sendAlone(() -> peer().roomReleased(reported));
    }
  }

  private void roomReleased(int count) {
    unreleased -= count;
    writers.wakeAll();
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    Fiber fiber = beginWrite();
    if (!source.hasRemaining()) {
      return 0;
    }
    awaitRoom(fiber);
    int room = Math.min(WINDOW - unreleased, source.remaining());
    byte[] bytes = new byte[world().schedule().limitTransfer(room)];
    source.get(bytes);
    send(bytes);
    return bytes.length;
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Fiber fiber = beginWrite();
    long offered = 0;
    for (int i = offset; i < offset + length; i++) {
      offered += sources[i].remaining();
    }
    if (offered == 0) {
      return 0;
    }
    awaitRoom(fiber);
    int room = (int) Math.min(WINDOW - unreleased, offered);
    ByteBuffer bytes = ByteBuffer.allocate(world().schedule().limitTransfer(room));
    for (int i = offset; bytes.hasRemaining(); i++) {
      int moved = Math.min(bytes.remaining(), sources[i].remaining());
      bytes.put(sources[i].slice(sources[i].position(), moved));
      sources[i].position(sources[i].position() + moved);
    }
    send(bytes.array());
    return bytes.capacity();
  }

  private Fiber beginWrite() throws IOException {
    if (outputShut) {
      checkOpen();
      throw new SocketException("the output was shut down: " + this);
    }
    return begin();
  }

  private void awaitRoom(Fiber fiber) throws IOException {
    while (true) {
      if (error != 0) {
        throw takeError();
      }
      if (broken || outputShut) {
        throw IoErrors.ofSocket(Errno.EPIPE, this);
      }
      if (unreleased < WINDOW) {
        return;
      }
      await(fiber, writers, "room at " + this);
    }
  }

  private void send(byte[] bytes) {
    unreleased += bytes.length;
    world().trace("sends bytes:", this, bytes.length);
    sender.send(() -> peer().receive(bytes));
  }

  private SocketException takeError() {
    SocketException thrown = IoErrors.ofSocket(error, this);
    error = 0;
    broken = true;
    return thrown;
  }

  @Override
  public boolean isReady(Direction direction) throws IOException {
    checkOpen();
    boolean over = error != 0 || broken;
    return over
        || switch (direction) {
          case INPUT -> unread > 0 || peerEnded || inputShut;
          case OUTPUT -> unreleased < WINDOW || outputShut;
          case HANG_UP -> peerEnded && outputShut;
        };
  }

  @Override
  public void awaitReady(Direction direction, long threadTimeoutNanos) throws IOException {
    Fiber fiber = begin();
    boolean input = direction != Direction.OUTPUT;
    while (!isReady(direction)) {
      await(
          fiber,
          input ? readers : writers,
          (input ? "bytes from " : "room at ") + this,
          threadTimeoutNanos);
    }
  }

  @Override
  public void sendDescriptors(ByteBuffer source, List<?> handles) {
    throw NotSimulated.exception("descriptors that are passed");
  }

  @Override
  public int receiveDescriptors(ByteBuffer target, IntConsumer passed) {
    throw NotSimulated.exception("descriptors that are passed");
  }

  @Override
  public int available() throws IOException {
    checkOpen();
    return unread;
  }

  @Override
  public void sendUrgent(byte value) {
    throw NotSimulated.exception("urgent data");
  }

  @Override
  public void shutdownInput() throws IOException {
    checkOpen();
    inputShut = true;
    dropUnread();
    readers.wakeAll();
  }

  private void dropUnread() {
    received.clear();
    int dropped = unread;
    unread = 0;
    release(dropped);
  }

  @Override
  public void shutdownOutput() throws IOException {
    checkOpen();
    endOutput();
    writers.wakeAll();
    if (peerEnded) {
      readers.wakeAll(); // they wait for the end of both directions
    }
  }

  private void endOutput() {
    if (!outputShut) {
      outputShut = true;
      if (peer != null && !broken && error == 0) {
        world().trace("ends its output", this, 0);
        sender.send(() -> peer().inputEnded());
      }
    }
  }

  @Override
  protected void released() {
    if (unread > 0 || options().resetsAtClose()) {
      sendReset();
    } else {
      endOutput();
    }
    run.ports.disconnect(remote, local.getPort());
    readers.wakeAll();
    writers.wakeAll();
  }

  /** Resets a connection that no caller has, such as one that was not accepted. */
  void reset() {
    if (!isClosed()) {
      handOver();
      sendReset();
    }
  }

  void sendReset() {
    if (peer != null && !broken) {
      broken = true;
      world().trace("resets", this, 0);
      sender.reset();
    }
  }

  // ---- what arrives; the world's thread ----

  void receive(byte[] bytes) {
    if (inputShut) {
      release(bytes.length);
      return;
    }
    received.add(ByteBuffer.wrap(bytes));
    unread += bytes.length;
    readers.wakeAll();
  }

  void inputEnded() {
    peerEnded = true;
    readers.wakeAll();
  }

  /** The connection is over: by a reset of the peer, or since no message arrives. */
  void fail(int errno) {
    if (!broken && error == 0) {
      error = errno == Errno.ECONNRESET && peerEnded ? Errno.EPIPE : errno;
      sender.stop();
      readers.wakeAll();
      writers.wakeAll();
    }
  }

  @Override
  public InetSocketAddress localAddress() throws IOException {
    checkOpen();
    return local;
  }

  @Override
  public InetSocketAddress remoteAddress() throws IOException {
    checkOpen();
    return remote;
  }

  @Override
  protected Object name() {
    return remote;
  }
}
