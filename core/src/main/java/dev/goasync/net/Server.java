package dev.goasync.net;

import dev.goasync.EventLoop;
import dev.goasync.EventLoopGroup;
import dev.goasync.GoAsync;
import dev.goasync.Task;
import dev.goasync.internal.backend.Backends;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections and runs a coroutine for each.
 *
 * <pre>{@code
 * try (Server server = Server.listen(8080, connection -> {
 *   for (String line; (line = connection.readLine(1000)) != null; ) {
 *     connection.writeAll(line + "\n");
 *   }
 * })) {
 *   server.await();
 * }
 * }</pre>
 *
 * <p>With options:
 *
 * <pre>{@code
 * ConnectionHandler<AsyncSocket> handler = connection -> connection.writeAll("hello\n");
 * try (EventLoopGroup group = EventLoopGroup.start(4);
 *     Server server =
 *         Server.with()
 *             .on(group)
 *             .maxConnections(10_000)
 *             .grace(Duration.ofSeconds(30))
 *             .listen(8080, handler)) {
 *   server.await();
 * }
 * }</pre>
 *
 * <p>A server starts at once and runs until it is stopped. When the system cannot accept a
 * connection, for example because the process has too many open descriptors, the server logs a
 * warning, pauses and tries again. In a group, a loop accepts connections when it has time for
 * them.
 *
 * <p><b>Threads.</b> All methods may be called from any thread or coroutine.
 *
 * <p><b>Errors.</b> An exception of a handler ends its connection only; see {@link
 * Options#onFailure}.
 */
public final class Server implements AutoCloseable {
  /** The server whose connection the current coroutine serves. */
  private static final ScopedValue<Server> SERVES = ScopedValue.newInstance();

  /** Options of servers; immutable: each method returns changed options. */
  public static final class Options {
    final List<EventLoop> loops;
    final int maxConnections;
    final Duration grace;
    final @Nullable Duration exitTimeout;
    final @Nullable Consumer<? super Throwable> onFailure;

    private Options(
        List<EventLoop> loops,
        int maxConnections,
        Duration grace,
        @Nullable Duration exitTimeout,
        @Nullable Consumer<? super Throwable> onFailure) {
      this.loops = loops;
      this.maxConnections = maxConnections;
      this.grace = grace;
      this.exitTimeout = exitTimeout;
      this.onFailure = onFailure;
    }

    /** Serves on this loop. The default is {@link EventLoop#currentOrDefault}. */
    public Options on(EventLoop loop) {
      return new Options(List.of(loop), maxConnections, grace, exitTimeout, onFailure);
    }

    /** Serves on all loops of a group. */
    public Options on(EventLoopGroup group) {
      return new Options(group.loops(), maxConnections, grace, exitTimeout, onFailure);
    }

    /**
     * Limits how many connections are served at once, on all loops together; further ones wait in
     * the system's queue. The default is no limit.
     *
     * @throws IllegalArgumentException if {@code maxConnections} is not positive
     */
    public Options maxConnections(int maxConnections) {
      if (maxConnections < 1) {
        throw new IllegalArgumentException("maxConnections must be positive: " + maxConnections);
      }
      return new Options(loops, maxConnections, grace, exitTimeout, onFailure);
    }

    /**
     * Sets how long connections may continue after the server was stopped; then they are cancelled.
     * The default is 5 seconds.
     *
     * @throws IllegalArgumentException if {@code grace} is negative
     */
    public Options grace(Duration grace) {
      if (grace.isNegative()) {
        throw new IllegalArgumentException("grace is negative: " + grace);
      }
      return new Options(loops, maxConnections, grace, exitTimeout, onFailure);
    }

    /**
     * Stops the server when the JVM exits, by Ctrl-C, SIGTERM or {@link System#exit}; the exit then
     * waits for the connections. By default the JVM's exit breaks them off.
     *
     * @param timeout how long the exit waits at most; it should be longer than the {@linkplain
     *     #grace grace}
     * @throws IllegalArgumentException if {@code timeout} is negative
     */
    public Options stopAtExit(Duration timeout) {
      if (timeout.isNegative()) {
        throw new IllegalArgumentException("timeout is negative: " + timeout);
      }
      return new Options(loops, maxConnections, grace, timeout, onFailure);
    }

    /**
     * Sets the listener that gets the exceptions of handlers. By default they are logged, except an
     * {@link IOException}, because clients may disconnect at any time.
     */
    public Options onFailure(Consumer<? super Throwable> listener) {
      Objects.requireNonNull(listener, "listener");
      return new Options(loops, maxConnections, grace, exitTimeout, listener);
    }

    /**
     * Listens for TCP connections on all addresses of the machine and serves them.
     *
     * @param port 0 for any free port, which {@link Server#port} returns
     * @throws java.net.BindException if the port is in use or not allowed
     * @throws IllegalArgumentException if {@code port} is not in 0..65535
     */
    public Server listen(int port, ConnectionHandler<? super AsyncSocket> handler)
        throws IOException {
      return listen(new InetSocketAddress(port), handler);
    }

    /**
     * Listens for TCP connections on one address and serves them.
     *
     * @throws java.net.BindException if the address is in use, not allowed, or not of this machine
     */
    public Server listen(InetSocketAddress local, ConnectionHandler<? super AsyncSocket> handler)
        throws IOException {
      Objects.requireNonNull(handler, "handler");
      return serve(AsyncServerSocket.listen(local), handler);
    }

    /** Serves the connections of a listener; stopping the server closes the listener. */
    public <C extends ByteStream> Server serve(
        Listener<C> listener, ConnectionHandler<? super C> handler) {
      Objects.requireNonNull(listener, "listener");
      Objects.requireNonNull(handler, "handler");
      return new Server(this, listener, handler);
    }
  }

  private static final Options DEFAULT =
      new Options(List.of(), Integer.MAX_VALUE, Duration.ofSeconds(5), null, null);

  private final Listener<?> listener;
  private final Duration grace;
  private final Acceptors<?> acceptors;
  private final EventLoop home;
  private boolean stopped; // guarded by this

  /** Set before the listener is closed, so it is known when the acceptors have ended. */
  private volatile @Nullable Task<?> drain;

  private <C extends ByteStream> Server(
      Options options, Listener<C> listener, ConnectionHandler<? super C> handler) {
    this.listener = listener;
    this.grace = options.grace;
    List<EventLoop> loops =
        options.loops.isEmpty() ? List.of(EventLoop.currentOrDefault()) : options.loops;
    this.home = loops.getFirst();
    this.acceptors =
        new Acceptors<>(listener, handler, options, loops, ScopedValue.where(SERVES, this));
    if (options.exitTimeout != null && !Backends.isCallerSimulated()) {
      var _ = ExitHook.add(this, options.exitTimeout, acceptors::whenEnded);
    }
  }

  /** Returns the default options, to be changed. */
  public static Options with() {
    return DEFAULT;
  }

  /**
   * Listens for TCP connections on all addresses of the machine and serves them, with the default
   * {@link Options}.
   *
   * @param port 0 for any free port, which {@link #port} returns
   * @throws java.net.BindException if the port is in use or not allowed
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  public static Server listen(int port, ConnectionHandler<? super AsyncSocket> handler)
      throws IOException {
    return DEFAULT.listen(port, handler);
  }

  /** The address that the server listens on, with the port that was chosen. */
  public SocketAddress localAddress() {
    return listener.localAddress();
  }

  /**
   * The port that the server listens on.
   *
   * @throws UnsupportedOperationException if the address has no port
   */
  public int port() {
    if (localAddress() instanceof InetSocketAddress address) {
      return address.getPort();
    }
    throw new UnsupportedOperationException(localAddress() + " has no port");
  }

  /** The number of connections that are being served. */
  public int connections() {
    return acceptors.connections();
  }

  /** The number of connections that have been accepted so far. */
  public long accepted() {
    return acceptors.accepted();
  }

  /** Whether the server has been stopped. A handler can end after its current request then. */
  public boolean isStopping() {
    return !listener.isOpen();
  }

  /**
   * Stops accepting; connections get the {@linkplain Options#grace grace} to end, then they are
   * cancelled. Does not wait for them, so a connection may stop its own server. Stopping again has
   * no effect.
   *
   * @throws IOException if the listener cannot be closed
   */
  public synchronized void stop() throws IOException {
    if (stopped) {
      return;
    }
    stopped = true;
    try {
      drain = home.goAsync("drain of " + this, () -> acceptors.drain(grace));
    } catch (RejectedExecutionException _) {
      // the loop is closed, and so are its connections
    } finally {
      listener.close();
    }
  }

  /**
   * Waits until the server has been stopped and its last connection has ended.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if the caller serves a connection of this server, which would
   *     wait for itself
   */
  public void await() {
    refuseConnections();
    awaitEnd();
  }

  private void awaitEnd() {
    acceptors.await();
    Task<?> last = drain;
    if (last != null) {
      Acceptors.awaitEnd(last);
    }
  }

  /**
   * {@linkplain #stop Stops} the server and waits until its last connection has ended. In a
   * cancelled coroutine, or an interrupted thread, the connections are cancelled at once.
   *
   * @throws IllegalStateException if the caller serves a connection of this server, which would
   *     wait for itself
   */
  @Override
  public void close() throws IOException {
    refuseConnections();
    stop();
    try {
      awaitEnd();
    } catch (CancellationException cancelled) {
      closeNow();
    }
  }

  /**
   * {@linkplain #stop Stops} the server, cancels its connections at once, and waits for their end.
   *
   * @throws IllegalStateException if the caller serves a connection of this server, which would
   *     wait for itself
   */
  public void closeNow() throws IOException {
    refuseConnections();
    stop();
    acceptors.cancel("its server was closed");
    GoAsync.shielded(this::awaitEnd);
  }

  private void refuseConnections() {
    if (SERVES.isBound() && SERVES.get() == this) {
      throw new IllegalStateException(
          "a connection of " + this + " cannot wait for its own end; call stop()");
    }
  }

  @Override
  public String toString() {
    return "Server[" + listener.localAddress() + (isStopping() ? ", stopping]" : "]");
  }
}
