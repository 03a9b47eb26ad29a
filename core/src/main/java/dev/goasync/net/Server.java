package dev.goasync.net;

import dev.goasync.EventLoop;
import dev.goasync.EventLoopGroup;
import dev.goasync.GoAsync;
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
 * Listens, and gives each connection a coroutine.
 *
 * <pre>{@code
 * try (Server server = Server.listen(8080, connection -> {
 *   for (String line; (line = connection.readLine(1000)) != null; ) {
 *     connection.writeAll(line + "\n");
 *   }
 * })) {
 *   server.await();
 * }
 *
 * Server.with().on(group).maxConnections(10_000).grace(Duration.ofSeconds(30)).listen(8080, handler);
 * }</pre>
 *
 * <p>It begins at once and goes on until it is stopped. When the system has no descriptor left, or
 * cannot take a connection for another reason, the server says so in its log, pauses and tries
 * again. On a group each loop takes connections when it has time for them.
 *
 * <p><b>Threads.</b> All methods may be called from any thread or coroutine.
 */
public final class Server implements AutoCloseable {
  /** Which server's connection the current coroutine serves. */
  private static final ScopedValue<Server> SERVES = ScopedValue.newInstance();

  /** How servers are to be run; immutable. */
  public static final class Options {
    final List<EventLoop> loops;
    final int most;
    final Duration grace;
    final @Nullable Duration exitLimit;
    final @Nullable Consumer<? super Throwable> onFailure;

    private Options(
        List<EventLoop> loops,
        int most,
        Duration grace,
        @Nullable Duration exitLimit,
        @Nullable Consumer<? super Throwable> onFailure) {
      this.loops = loops;
      this.most = most;
      this.grace = grace;
      this.exitLimit = exitLimit;
      this.onFailure = onFailure;
    }

    /** Serves on this loop; otherwise it is the {@linkplain EventLoop#currentOrDefault current}. */
    public Options on(EventLoop loop) {
      return new Options(List.of(loop), most, grace, exitLimit, onFailure);
    }

    /** Serves on all loops of a group. */
    public Options on(EventLoopGroup group) {
      return new Options(group.loops(), most, grace, exitLimit, onFailure);
    }

    /**
     * How many connections are served at once, on all loops together; further ones wait in the
     * system's queue. Otherwise there is no limit.
     *
     * @throws IllegalArgumentException if {@code connections} is not positive
     */
    public Options maxConnections(int connections) {
      if (connections < 1) {
        throw new IllegalArgumentException("connections is not positive: " + connections);
      }
      return new Options(loops, connections, grace, exitLimit, onFailure);
    }

    /**
     * For how long connections may go on when the server is stopped; then they are cancelled.
     * Otherwise 5 seconds.
     *
     * @throws IllegalArgumentException if {@code duration} is negative
     */
    public Options grace(Duration duration) {
      if (duration.isNegative()) {
        throw new IllegalArgumentException("duration is negative: " + duration);
      }
      return new Options(loops, most, duration, exitLimit, onFailure);
    }

    /**
     * Stops the server when the JVM is told to end, by Ctrl-C, SIGTERM or {@link System#exit},
     * which then waits for the connections. Otherwise they break off.
     *
     * @param limit how long it waits at most; a little more than the {@linkplain #grace grace}, say
     * @throws IllegalArgumentException if {@code limit} is negative
     */
    public Options stopAtExit(Duration limit) {
      if (limit.isNegative()) {
        throw new IllegalArgumentException("limit is negative: " + limit);
      }
      return new Options(loops, most, grace, limit, onFailure);
    }

    /**
     * Is told what handlers throw. Otherwise it is logged, except an {@link IOException}: that a
     * client goes away is no news.
     */
    public Options onFailure(Consumer<? super Throwable> listener) {
      Objects.requireNonNull(listener, "listener");
      return new Options(loops, most, grace, exitLimit, listener);
    }

    /**
     * Listens for TCP connections on all addresses of the machine, and serves them.
     *
     * @param port 0 for any free one, told by {@link Server#port}
     * @throws java.net.BindException if the port is in use or not allowed
     * @throws IllegalArgumentException if {@code port} is not in 0..65535
     */
    public Server listen(int port, ConnectionHandler<? super AsyncSocket> handler)
        throws IOException {
      return listen(new InetSocketAddress(port), handler);
    }

    /**
     * Listens for TCP connections on one address, and serves them.
     *
     * @throws java.net.BindException if the address is in use, not allowed or not ours
     */
    public Server listen(InetSocketAddress local, ConnectionHandler<? super AsyncSocket> handler)
        throws IOException {
      Objects.requireNonNull(handler, "handler");
      return serve(AsyncServerSocket.listen(local), handler);
    }

    /** Serves the connections of a listener, which the server closes when it is stopped. */
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

  private <C extends ByteStream> Server(
      Options options, Listener<C> listener, ConnectionHandler<? super C> handler) {
    this.listener = listener;
    this.grace = options.grace;
    List<EventLoop> loops =
        options.loops.isEmpty() ? List.of(EventLoop.currentOrDefault()) : options.loops;
    this.home = loops.getFirst();
    this.acceptors =
        new Acceptors<>(listener, handler, options, loops, ScopedValue.where(SERVES, this));
    if (options.exitLimit != null) {
      var _ = ExitHook.add(this, options.exitLimit, acceptors::whenEnded);
    }
  }

  /** Options other than the default. */
  public static Options with() {
    return DEFAULT;
  }

  /**
   * Listens and serves with the default {@link Options}; see {@link Options#listen(int,
   * ConnectionHandler)}.
   */
  public static Server listen(int port, ConnectionHandler<? super AsyncSocket> handler)
      throws IOException {
    return DEFAULT.listen(port, handler);
  }

  /** The address that is listened on, with the port that was chosen. */
  public SocketAddress localAddress() {
    return listener.localAddress();
  }

  /**
   * The port that is listened on.
   *
   * @throws UnsupportedOperationException if the address has none
   */
  public int port() {
    if (localAddress() instanceof InetSocketAddress address) {
      return address.getPort();
    }
    throw new UnsupportedOperationException(localAddress() + " has no port");
  }

  /** How many connections are being served. */
  public int connections() {
    return acceptors.connections();
  }

  /** Whether the server has been stopped, so that a handler ends after its current request. */
  public boolean isStopping() {
    return !listener.isOpen();
  }

  /**
   * Takes no more connections, and gives those that there are the {@linkplain Options#grace grace}
   * to end. Does not wait for them; so also a connection may stop its server. Stopping again does
   * nothing.
   *
   * @throws IOException if the listener cannot be closed
   */
  public synchronized void stop() throws IOException {
    if (stopped) {
      return;
    }
    stopped = true;
    try {
      var _ = home.goAsync("drain of " + this, () -> acceptors.drain(grace));
    } catch (RejectedExecutionException _) {
      // the loop is closed, and with it its connections
    } finally {
      listener.close();
    }
  }

  /**
   * Waits until the server has been stopped and its last connection has ended.
   *
   * @throws CancellationException if the coroutine is cancelled, or the thread interrupted, first
   * @throws IllegalStateException if called by one of the server's connections
   */
  public void await() {
    refuseConnections();
    acceptors.await();
  }

  /**
   * {@linkplain #stop Stops} the server and waits until its last connection has ended. In a
   * cancelled coroutine, or an interrupted thread, the connections are cancelled at once.
   *
   * @throws IllegalStateException if called by one of the server's connections, which would wait
   *     for itself
   */
  @Override
  public void close() throws IOException {
    refuseConnections();
    stop();
    try {
      acceptors.await();
    } catch (CancellationException cancelled) {
      closeNow();
    }
  }

  /** Like {@link #close}, but cancels the connections at once. */
  public void closeNow() throws IOException {
    refuseConnections();
    stop();
    acceptors.cancel("its server was closed");
    GoAsync.shielded(acceptors::await);
  }

  private void refuseConnections() {
    if (SERVES.isBound() && SERVES.get() == this) {
      throw new IllegalStateException(
          "a connection of " + this + " cannot wait for its own end; use stop()");
    }
  }

  @Override
  public String toString() {
    return "Server[" + listener.localAddress() + (isStopping() ? ", stopping]" : "]");
  }
}
