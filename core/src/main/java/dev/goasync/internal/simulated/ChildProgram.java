package dev.goasync.internal.simulated;

import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.platform.ChildHandle;
import dev.goasync.internal.platform.PipeHandle;
import dev.goasync.internal.platform.TerminalHandle;
import dev.goasync.internal.simulated.resource.NotSimulated;
import dev.goasync.internal.simulated.resource.SimulatedResource;
import dev.goasync.internal.simulated.resource.WaitQueue;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A program that another one of its simulated host has started, as its parent sees it.
 *
 * <p>It ends when its body has ended, or by a signal. Then what it has open is closed, as the
 * kernel does, and no coroutine of it runs again.
 */
final class ChildProgram extends SimulatedResource implements ChildHandle {
  private static final int MAX_SIGNAL = 64;
  private static final int SIGHUP = 1;
  private static final int SIGINT = 2;
  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  /** The signals that stop a program: STOP, TSTP, TTIN and TTOU. */
  private static final Set<Integer> STOPPING = Set.of(19, 20, 21, 22);

  /** The signals that a program without a listener ignores: CHLD, CONT, URG and WINCH. */
  private static final Set<Integer> IGNORED = Set.of(17, 18, 23, 28);

  private static final int BY_SIGNAL = 128;
  private static final int MAX_CODE = 0xFF;

  private final int pid;
  private final String name;
  private final LaunchedStreams streams;
  private final HostRun run;

  /** The program that leads the process group. */
  private final HostRun group;

  private final WaitQueue waiters = new WaitQueue();
  private int exitCode = RUNNING;
  private int lastSignal = SIGTERM;
  private boolean killsGroup;

  /** Starts a program, which is a coroutine of its own. */
  ChildProgram(HostRun parent, LaunchedProgram launched) {
    super(parent, false);
    this.pid = parent.host.nextProcess();
    this.name = launched.command() + " (process " + pid + ")";
    this.streams = launched.streams();
    Program program =
        new Program(
            parent.host.name() + ", " + name,
            launched.directory(),
            launched.environment(),
            streams.ofChild());
    this.run = new HostRun(parent, program, launched.body(), this::bodyEnded);
    this.group = launched.ownGroup() ? run : groupOf(parent);
    program.streams().retain();
    run.boot.children.add(this);
    parent.trace("starts " + name, parent.host, 0);
    run.start();
  }

  private static HostRun groupOf(HostRun run) {
    for (ChildProgram each : run.boot.children) {
      if (each.run == run) {
        return each.group;
      }
    }
    return run.boot;
  }

  HostRun run() {
    return run;
  }

  // ---- the end ----

  private void bodyEnded(@Nullable Object result, @Nullable Throwable failure) {
    if (failure instanceof Error) { // a bug of the test, such as a failed assertion
      run.host.world.fail(name + " of " + run.host + " has thrown " + failure, failure);
    }
    if (failure != null) {
      String text = "Exception in thread \"main\" " + failure + "\n";
      streams.reportFailure(text.getBytes(StandardCharsets.UTF_8));
      exit(1);
    } else {
      exit(result instanceof Integer code ? code & MAX_CODE : BY_SIGNAL + lastSignal);
    }
    Crash.endCaller(run);
  }

  private void exit(int code) {
    if (exitCode == RUNNING) {
      run.trace(name + " has ended with", run.host, code);
      run.closeAll();
      run.crash();
      run.boot.children.remove(this);
      run.program.streams().release();
      streams.closeFiles();
      exitCode = code;
      waiters.wakeAll();
      if (killsGroup) {
        signalGroup(SIGKILL);
      }
    }
  }

  /** The host has crashed. */
  void crash() {
    run.crash();
  }

  // ---- for the parent ----

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public @Nullable PipeHandle input() {
    return streams.input();
  }

  @Override
  public @Nullable PipeHandle output() {
    return streams.output();
  }

  @Override
  public @Nullable PipeHandle error() {
    return streams.errors();
  }

  @Override
  public TerminalHandle.@Nullable Master terminal() {
    return null;
  }

  @Override
  public boolean awaitExit(long nanos) throws IOException {
    if (exitCode != RUNNING) {
      return true;
    }
    Fiber fiber = begin();
    try {
      while (exitCode == RUNNING) {
        await(fiber, waiters, "the end of " + name, nanos);
      }
      return true;
    } catch (SocketTimeoutException expired) {
      return exitCode != RUNNING;
    }
  }

  @Override
  public int exitCode() {
    return exitCode;
  }

  @Override
  public void signal(int number, boolean toGroup) {
    if (number < 1 || number > MAX_SIGNAL) {
      throw new IllegalArgumentException("number must be from 1 to " + MAX_SIGNAL + ": " + number);
    }
    if (toGroup) {
      signalGroup(number);
    } else {
      signal(number);
    }
  }

  private void signalGroup(int number) {
    for (ChildProgram each : List.copyOf(run.boot.children)) {
      if (each.group == group) {
        each.signal(number);
      }
    }
  }

  private void signal(int number) {
    if (exitCode != RUNNING) {
      return;
    }
    if (STOPPING.contains(number)) {
      throw NotSimulated.exception("signals that stop a program");
    }
    run.trace(name + " gets signal", run.host, number);
    if (!run.signals.deliver(number) && !IGNORED.contains(number)) {
      endBy(number);
    }
  }

  private void endBy(int number) {
    if (number == SIGTERM || number == SIGINT || number == SIGHUP) {
      lastSignal = number;
      run.main().cancel(name + " has got signal " + number);
    } else {
      exit(BY_SIGNAL + number);
      Crash.endCaller(run);
    }
  }

  @Override
  public void killGroupAtEnd() {
    killsGroup = true;
    if (exitCode != RUNNING) {
      signalGroup(SIGKILL);
    }
  }

  @Override
  protected void released() {
    waiters.wakeAll();
  }

  @Override
  public String kind() {
    return "process";
  }

  @Override
  protected String name() {
    return name;
  }
}
