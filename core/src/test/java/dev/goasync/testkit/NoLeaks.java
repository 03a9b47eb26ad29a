package dev.goasync.testkit;

import dev.goasync.Descriptors;
import dev.goasync.internal.loop.Fiber;
import dev.goasync.internal.loop.Loop;
import dev.goasync.internal.loop.LoopRegistry;
import dev.goasync.internal.loop.Poller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaks: a coroutine on any loop, an unclosed loop (except the shared ones), a
 * thread of a closed loop, a loop on the test's thread, an open file or socket, a child process,
 * running or not yet reaped.
 *
 * <p>Attach it by {@code @ExtendWith(NoLeaks.class)} on the test class.
 */
public final class NoLeaks implements BeforeEachCallback, AfterEachCallback {
  /** The default loop, and the shared loop that waits for channels where loops have no selector. */
  private static final Set<String> KEPT_LOOPS = Set.of("goasync-loop", "goasync-selector");

  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(NoLeaks.class);
  private static final long SAFETY_NET_SECONDS = 20;
  private static final long WHILE_NANOS = 2_000_000_000;
  private static final int EVENTS_KEPT = 16;
  private static final int POLLS_OF_JDK = 8;

  /** Of nio, for threads that block. */
  private static final int SELECTORS_KEPT = 16;

  private static final int MAPPINGS_OF_RING = 2;
  private static final Path MAPPINGS = Path.of("/proc/self/maps");
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  record Before(
      Set<Loop> loops, Set<Thread> threads, Set<String> descriptors, Set<Long> children) {}

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    context.getStore(STORE).put("before", look());
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    Before before = Objects.requireNonNull(context.getStore(STORE).remove("before", Before.class));
    List<String> left = leftSince(before);
    if (!left.isEmpty()) {
      throw new AssertionError("left behind: " + String.join("; ", left));
    }
  }

  /** The current loops, threads, descriptors and children. */
  static Before look() throws IOException {
    return new Before(LoopRegistry.all(), loopThreads(), descriptors(), children());
  }

  /** Describes what was created after {@code before} and still exists; closes such loops. */
  static List<String> leftSince(Before before) throws Exception {
    List<String> left = new ArrayList<>();
    checkOwnLoop(left);
    for (Loop loop : LoopRegistry.all()) {
      if (!loop.isClosing()) {
        checkLoop(loop, before, left);
      }
    }
    checkThreads(before, left);
    openedSince(before).forEach(each -> left.add("descriptor " + each));
    checkEvents(left);
    Set<Long> children = children();
    children.removeAll(before.children);
    children.forEach(each -> left.add("child process " + each));
    return left;
  }

  /** Waits a while for pipes of children, which a thread of the JDK closes after their end. */
  private static Set<String> openedSince(Before before) throws IOException {
    long begun = System.nanoTime();
    while (true) {
      Set<String> opened = descriptors();
      opened.removeAll(before.descriptors);
      boolean ofChildren = opened.stream().anyMatch(each -> each.contains(" of pipe:"));
      if (!ofChildren || System.nanoTime() - begun > WHILE_NANOS) {
        return opened;
      }
      Thread.onSpinWait();
    }
  }

  private static Set<Long> children() {
    return ProcessHandle.current()
        .children()
        .map(ProcessHandle::pid)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /**
   * Rings, selectors and their wake-up events stay open: one per loop, and a few for threads that
   * block.
   */
  private static void checkEvents(List<String> left) throws IOException {
    long loops = LoopRegistry.all().size();
    long rings = count("[io_uring]");
    long events = count("[eventfd]");
    if (rings > loops) {
      left.add(rings + " rings for " + loops + " loops");
    }
    if (mappedRings() > loops * MAPPINGS_OF_RING) {
      left.add(mappedRings() + " mappings of rings for " + loops + " loops");
    }
    long polls = count("[eventpoll]");
    if (polls > loops + POLLS_OF_JDK + SELECTORS_KEPT) {
      left.add(polls + " epoll instances for " + loops + " loops");
    }
    if (events > loops + EVENTS_KEPT + SELECTORS_KEPT) {
      left.add(events + " events for " + loops + " loops");
    }
  }

  private static long mappedRings() throws IOException {
    if (!Files.isReadable(MAPPINGS)) {
      return 0;
    }
    try (var lines = Files.lines(MAPPINGS)) {
      return lines.filter(line -> line.endsWith("[io_uring]")).count();
    }
  }

  private static long count(String kind) throws IOException {
    long count = 0;
    if (Files.isDirectory(DESCRIPTORS)) {
      try (var links = Files.list(DESCRIPTORS)) {
        for (Path link : links.toList()) {
          count += target(link).endsWith(kind) ? 1 : 0;
        }
      }
    }
    return count;
  }

  private static void checkOwnLoop(List<String> left) {
    Loop own = Loop.ownedByCurrentThread();
    if (own != null) {
      own.fibers().forEach(fiber -> left.add(fiber.describe()));
      left.add("unclosed " + own.name());
      own.close("its test is over");
    }
  }

  private static void checkLoop(Loop loop, Before before, List<String> left) throws Exception {
    var fibers = new CompletableFuture<List<String>>();
    loop.execute(() -> fibers.complete(leftIn(loop)));
    left.addAll(fibers.get(SAFETY_NET_SECONDS, TimeUnit.SECONDS));
    if (!KEPT_LOOPS.contains(loop.name()) && !before.loops.contains(loop)) {
      left.add("unclosed " + loop.name());
      loop.close("its test is over");
    } else if (!fibers.join().isEmpty()) {
      loop.close("its test is over");
    }
  }

  /** The coroutines of the loop; if there are none, timers and operations. */
  private static List<String> leftIn(Loop loop) {
    List<String> left = new ArrayList<>(loop.fibers().stream().map(Fiber::describe).toList());
    Poller poller = loop.openedPoller();
    if (left.isEmpty() && loop.timersQueued() > 0) {
      left.add(loop.timersQueued() + " timers of " + loop.name());
    }
    if (left.isEmpty() && poller != null && poller.inFlight() > 0) {
      left.add(poller.inFlight() + " operations in progress of " + loop.name());
    }
    return left;
  }

  private static void checkThreads(Before before, List<String> left) throws Exception {
    for (Thread thread : loopThreads()) {
      if (!before.threads.contains(thread) && !KEPT_LOOPS.contains(thread.getName())) {
        thread.join(TimeUnit.SECONDS.toMillis(SAFETY_NET_SECONDS));
        if (thread.isAlive()) {
          left.add("thread " + thread.getName());
        }
      }
    }
  }

  private static Set<Thread> loopThreads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.getClass().getSimpleName().equals("LoopThread"));
    return threads;
  }

  /** The open descriptors, except those that the JVM opens for itself. */
  private static Set<String> descriptors() throws IOException {
    Descriptors.settle();
    Set<String> all = new HashSet<>();
    if (Files.isDirectory(DESCRIPTORS)) {
      try (var links = Files.list(DESCRIPTORS)) {
        for (Path link : links.toList()) {
          addDescriptor(all, link);
        }
      }
    }
    return all;
  }

  private static void addDescriptor(Set<String> all, Path link) throws IOException {
    String target = target(link);
    boolean ofJvm =
        target.isEmpty()
            || target.endsWith("[io_uring]")
            || target.endsWith("[eventpoll]") // counted, as the rings are; the JDK has some too
            || target.endsWith("[eventfd]")
            || target.endsWith(".jar")
            || target.endsWith("/modules")
            || target.endsWith("random")
            || target.startsWith("/proc/");
    if (!ofJvm) {
      all.add(link.getFileName() + " of " + target);
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }
}
