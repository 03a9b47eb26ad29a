package dev.goasync.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.Caller;
import dev.goasync.Task;
import dev.goasync.conformance.Conformance;
import dev.goasync.testkit.LongRunning;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Calls every public method of the JDK's sockets and of ours, in every state and with right and
 * wrong arguments, and compares what a caller sees. Differences on purpose are {@link
 * ParityDifference#ON_PURPOSE}.
 */
@Conformance
@LongRunning
@Tag("parity") // a minute: on each backend, and once in portable mode
final class GeneratedParityTest {

  /** In the remaining states two calls of each method are compared. */
  private static final Set<ParityState> WITH_ALL_ARGUMENTS =
      EnumSet.of(ParityState.UNCONNECTED, ParityState.CONNECTED, ParityState.CLOSED);

  /** Makes the state in which a socket is compared. */
  private interface Entry {
    void enter(ParityScene scene) throws Exception;
  }

  private static Map<String, Map<String, String>> observed(
      Kind kind, List<ParityCall> calls, boolean interrupted, Entry entry) throws Exception {
    Map<String, Map<String, String>> all = new LinkedHashMap<>();
    kind.run(() -> {
      for (ParityCall call : calls) {
        try (var scene = new ParityScene(kind)) {
          entry.enter(scene);
          all.put(call.toString(), ParityOutcome.of(scene, call, interrupted));
        }
      }
    });
    return all;
  }

  private static String unexplained(Enum<?> state, List<ParityCall> calls, Entry entry)
      throws Exception {
    var jdk = observed(Kind.OF_JDK, calls, false, entry);
    List<ParityDifference> found = new ArrayList<>();
    for (Kind kind : List.of(Kind.OURS_ON_A_THREAD, Kind.OURS_IN_A_COROUTINE)) {
      var ours = observed(kind, calls, false, entry);
      jdk.forEach((call, seen) ->
          found.addAll(
              ParityDifference.between(
                  state, kind, call, seen, ours.getOrDefault(call, Map.of()))));
    }
    return ParityDifference.unexplained(found);
  }

  @ParameterizedTest
  @EnumSource
  void socketsAreThoseOfTheJdk(ParityState state) throws Exception {
    List<ParityCall> calls =
        WITH_ALL_ARGUMENTS.contains(state)
            ? ParityCall.ofSocket(Socket.class)
            : ParityCall.fewOfSocket(Socket.class);
    assertThat(unexplained(state, calls, state::enter)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void serverSocketsAreThoseOfTheJdk(ParityServerState state) throws Exception {
    assertThat(unexplained(state, ParityCall.ofServerSocket(), state::enter)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(180) // hundreds of handshakes
  void tlsSocketsAreThoseOfTheJdk(ParityTlsState state) throws Exception {
    List<ParityCall> calls = ParityCall.ofTlsSocket();
    assertThat(unexplained(state, calls, state::enter)).isEmpty();
  }

  /** The JDK's sockets end a wait at an interrupt if the thread is virtual. */
  @ParameterizedTest
  @EnumSource(names = {"CONNECTED", "WITH_INPUT"})
  void interruptsAreThoseOfTheJdk(ParityState state) throws Exception {
    List<ParityCall> calls =
        ParityCall.ofSocket(Socket.class).stream().filter(ParityCall::transfers).toList();
    Entry entry =
        scene -> {
          state.enter(scene);
          scene.socket().setSoTimeout(ParityScene.LONG_MILLIS); // the interrupt ends the waits
        };
    AtomicReference<Map<String, Map<String, String>>> jdk = new AtomicReference<>();
    Task<?> virtual =
        Kind.onVirtualThread(() -> jdk.set(observed(Kind.OF_JDK, calls, true, entry)));
    Caller.finish(virtual);
    List<ParityDifference> found = new ArrayList<>();
    for (Kind kind : List.of(Kind.OURS_ON_A_THREAD, Kind.OURS_IN_A_COROUTINE)) {
      var ours = observed(kind, calls, true, entry);
      jdk.get()
          .forEach((call, seen) ->
              found.addAll(
                  ParityDifference.between(
                      state,
                      kind,
                      "interrupted " + call,
                      seen,
                      ours.getOrDefault(call, Map.of()))));
    }
    assertThat(ParityDifference.unexplained(found)).isEmpty();
  }

  /** The JDK's sockets ignore an interrupt of a platform thread. */
  @Test
  void interruptsOfPlatformThreadsAreARowOfTheTable() throws Exception {
    List<ParityCall> calls =
        ParityCall.ofSocket(Socket.class).stream()
            .filter(call -> call.toString().equals("input.read()"))
            .toList();
    var jdk = observed(Kind.OF_JDK, calls, true, ParityState.CONNECTED::enter);
    var ours = observed(Kind.OURS_ON_A_THREAD, calls, true, ParityState.CONNECTED::enter);
    List<ParityDifference> found =
        ParityDifference.between(
            ParityState.CONNECTED,
            Kind.OURS_ON_A_THREAD,
            "on a platform thread, interrupted input.read()",
            jdk.getOrDefault("input.read()", Map.of()),
            ours.getOrDefault("input.read()", Map.of()));
    assertThat(found).isNotEmpty();
    assertThat(ParityDifference.unexplained(found)).isEmpty();
  }

  @Test
  void theTableOfDifferencesIsInTheDocuments() throws Exception {
    List<String> rows =
        Files.readAllLines(Path.of("../docs/guide/library-sockets.md")).stream()
            .dropWhile(line -> !line.equals("## Differences from the JDK's sockets"))
            .filter(line -> line.startsWith("|"))
            .skip(2)
            .toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            ParityDifference.ON_PURPOSE.stream().map(ParityDifference.OnPurpose::row).toList());
  }
}
