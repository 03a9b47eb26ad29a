package dev.goasync.inspector;

import dev.goasync.EventLoop;
import dev.goasync.internal.inspect.Observation;
import dev.goasync.net.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Serves a page that shows the loops and coroutines of this program live: what each waits for, what
 * blocks it, how busy each loop is, and which code delays it.
 *
 * <pre>{@code
 * try (Inspector inspector = Inspector.start()) { // prints the URL to standard error
 *   runTheProgram();
 * }
 * }</pre>
 *
 * <p>With options:
 *
 * <pre>{@code
 * Inspector inspector =
 *     Inspector.with().port(9321).interval(Duration.ofSeconds(2)).printUrl(false).start();
 * System.out.println(inspector.url());
 * }</pre>
 *
 * <p>The system property {@code -Dgoasync.inspector=9321} starts one with the first loop of a
 * program, if this module is on the class path.
 *
 * <p><b>Security.</b> The page contains names, addresses and stacks of the program. The server
 * listens on the loopback address unless {@link Options#bind} names another one, and answers only
 * requests with the random token of the {@link #url}. It refuses requests with foreign {@code Host}
 * or {@code Origin} headers. Nothing on the page changes the program, unless {@link
 * Options#allowCancel} permits it. The connection is not encrypted.
 *
 * <p><b>Cost.</b> Dumps are taken only while a page is open; the detector of long turns runs all
 * the time. The inspector has a loop and threads of its own, which are not part of what it shows,
 * and which do not keep the program alive.
 *
 * <p><b>Threads.</b> All methods may be called from any thread or coroutine.
 */
public final class Inspector implements AutoCloseable {
  private static final int TOKEN_BYTES = 24;
  private static final int MIN_TOKEN_LENGTH = 16;
  private static final int MAX_CONNECTIONS = 64;

  /** Options of inspectors; immutable: each method returns changed options. */
  public static final class Options {
    private final int port;
    private final InetAddress address;
    private final @Nullable String token;
    private final Duration interval;
    private final Duration longTurn;
    private final boolean printUrl;
    private final boolean allowCancel;

    private Options(
        int port,
        InetAddress address,
        @Nullable String token,
        Duration interval,
        Duration longTurn,
        boolean printUrl,
        boolean allowCancel) {
      this.port = port;
      this.address = address;
      this.token = token;
      this.interval = interval;
      this.longTurn = longTurn;
      this.printUrl = printUrl;
      this.allowCancel = allowCancel;
    }

    /**
     * Sets the port; 0, the default, for any free one.
     *
     * @throws IllegalArgumentException if {@code port} is not in 0..65535
     */
    public Options port(int port) {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("port must be in 0..65535: " + port);
      }
      return new Options(port, address, token, interval, longTurn, printUrl, allowCancel);
    }

    /**
     * Sets the address to listen on. The default is the loopback address. With any other address
     * the page, and the token, cross the network without encryption.
     */
    public Options bind(InetAddress address) {
      Objects.requireNonNull(address, "address");
      return new Options(port, address, token, interval, longTurn, printUrl, allowCancel);
    }

    /**
     * Sets the token that requests must present. The default is a random one.
     *
     * @throws IllegalArgumentException if {@code token} has fewer than 16 characters, or others
     *     than letters, digits, {@code -} and {@code _}
     */
    public Options token(String token) {
      Objects.requireNonNull(token, "token");
      if (token.length() < MIN_TOKEN_LENGTH || !token.matches("[A-Za-z0-9_-]+")) {
        throw new IllegalArgumentException(
            "token must have at least 16 characters of A-Z, a-z, 0-9, - and _");
      }
      return new Options(port, address, token, interval, longTurn, printUrl, allowCancel);
    }

    /**
     * Sets how often an open page gets new data. The default is one second. If looking at the
     * program takes longer than a fifth of it, the page gets new data less often, but at least
     * every five seconds.
     *
     * @throws IllegalArgumentException if {@code interval} is shorter than 10 milliseconds
     */
    public Options interval(Duration interval) {
      if (interval.compareTo(Duration.ofMillis(10)) < 0) {
        throw new IllegalArgumentException("interval is shorter than 10 ms: " + interval);
      }
      return new Options(port, address, token, interval, longTurn, printUrl, allowCancel);
    }

    /**
     * Sets the time above which a turn of a loop is shown as a stall, with its stack, and logged.
     * The default is 100 milliseconds. The system property {@code goasync.longTurnMillis} has
     * precedence.
     *
     * @throws IllegalArgumentException if {@code limit} is shorter than a millisecond
     */
    public Options longTurn(Duration limit) {
      if (limit.compareTo(Duration.ofMillis(1)) < 0) {
        throw new IllegalArgumentException("limit is shorter than 1 ms: " + limit);
      }
      return new Options(port, address, token, interval, limit, printUrl, allowCancel);
    }

    /** Sets whether the URL is printed to standard error, which is the default. */
    public Options printUrl(boolean print) {
      return new Options(port, address, token, interval, longTurn, print, allowCancel);
    }

    /**
     * Sets whether the page may cancel tasks. The default is false: then nothing on the page
     * changes the program, and a request to cancel is refused.
     */
    public Options allowCancel(boolean allow) {
      return new Options(port, address, token, interval, longTurn, printUrl, allow);
    }

    /**
     * Starts the inspector.
     *
     * @throws java.net.BindException if the port is in use or not allowed
     */
    public Inspector start() throws IOException {
      return new Inspector(this);
    }
  }

  private static final Options DEFAULT =
      new Options(
          0,
          InetAddress.getLoopbackAddress(),
          null,
          Duration.ofSeconds(1),
          Duration.ofMillis(100),
          true,
          false);

  private final EventLoop loop;
  private final Server server;
  private final Sampler sampler;
  private final URI url;

  private Inspector(Options options) throws IOException {
    String token = options.token == null ? randomToken() : options.token;
    Access access = new Access(options.address.isLoopbackAddress(), options.allowCancel);
    PageFiles files = PageFiles.load();
    loop = startLoop();
    sampler = new Sampler(loop, options.interval, options.allowCancel);
    try {
      server =
          Server.with()
              .on(loop)
              .maxConnections(MAX_CONNECTIONS)
              .grace(Duration.ZERO)
              .listen(
                  new InetSocketAddress(options.address, options.port),
                  client -> new Exchange(client, token, access, sampler, files).run());
    } catch (Throwable notStarted) {
      loop.closeNow();
      throw notStarted;
    }
    url = URI.create("http://" + authority(options.address, server.port()) + "/?token=" + token);
    Observation.begin(options.longTurn);
    sampler.start();
    if (options.printUrl) {
      System.err.println("GoAsync inspector: " + url);
    }
  }

  /** Returns the default options, to be changed. */
  public static Options with() {
    return DEFAULT;
  }

  /** Starts an inspector with the default options, on any free port. */
  public static Inspector start() throws IOException {
    return DEFAULT.start();
  }

  /**
   * Starts an inspector on a port, with the default options otherwise.
   *
   * @throws java.net.BindException if the port is in use or not allowed
   * @throws IllegalArgumentException if {@code port} is not in 0..65535
   */
  public static Inspector start(int port) throws IOException {
    return DEFAULT.port(port).start();
  }

  private static String randomToken() {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** The loop is not one of the program, so that a hang of the program does not stop the page. */
  private static EventLoop startLoop() {
    Executor executor = Observation.startLoop("goasync-inspector");
    CompletableFuture<EventLoop> loop = new CompletableFuture<>();
    executor.execute(() -> loop.complete(EventLoop.currentOrDefault()));
    return loop.join();
  }

  private static String authority(InetAddress address, int port) {
    InetAddress reachable =
        address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
    String literal = reachable.getHostAddress();
    return (literal.contains(":") ? "[" + literal + "]" : literal) + ":" + port;
  }

  /** The address of the page, with the token. Do not log it where others can read it. */
  public URI url() {
    return url;
  }

  /** The port that the server listens on. */
  public int port() {
    return server.port();
  }

  /** Stops the server and closes the connections of open pages. Closing again has no effect. */
  @Override
  public void close() throws IOException {
    sampler.close();
    server.closeNow();
    loop.closeNow();
  }

  /** The URL without the token. */
  @Override
  public String toString() {
    return "Inspector[port " + server.port() + (server.isStopping() ? ", closed]" : "]");
  }
}
