package dev.goasync.examples.replicated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.goasync.examples.replicated.Command.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The checker itself, with histories whose answer is known. */
final class LinearizabilityTest {
  private static final List<Kind> KINDS = List.of(Kind.GET, Kind.PUT, Kind.APPEND);

  private static Operation get(@Nullable String result, long start, long end) {
    return new Operation(Kind.GET, "k", "", result, start, end);
  }

  private static Operation put(String value, long start, long end) {
    return new Operation(Kind.PUT, "k", value, value, start, end);
  }

  private static Operation append(String value, String result, long start, long end) {
    return new Operation(Kind.APPEND, "k", value, result, start, end);
  }

  private static Operation lost(Kind kind, String value, long start) {
    return new Operation(kind, "k", value, null, start, Operation.NEVER);
  }

  private static @Nullable List<Operation> check(Operation... history) {
    return Linearizability.violation(new ArrayList<>(List.of(history)));
  }

  @Test
  void operationsOneAfterAnother() {
    assertNull(check(get(null, 0, 1), put("a", 2, 3), append("b", "ab", 4, 5), get("ab", 6, 7)));
    assertNotNull(check(put("a", 0, 1), put("b", 2, 3), get("a", 4, 5)));
    assertNotNull(check(put("a", 0, 1), get(null, 2, 3)));
  }

  @Test
  void operationsAtTheSameTimeMayHaveEitherOrder() {
    assertNull(check(put("a", 0, 10), get(null, 1, 2), get("a", 3, 4)));
    assertNull(check(put("a", 0, 10), put("b", 0, 10), get("a", 11, 12)));
    assertNull(check(put("a", 0, 10), put("b", 0, 10), get("b", 11, 12)));
  }

  /** The known history of a stale read: a new value was seen, and an old one after it. */
  @Test
  void aNewValueThatTurnsOldIsAViolation() {
    assertNotNull(check(put("a", 0, 1), put("b", 2, 20), get("b", 3, 5), get("a", 6, 8)));
    assertNull(check(put("a", 0, 1), put("b", 2, 20), get("b", 3, 8), get("a", 4, 7)));
  }

  @Test
  void anAppendThatHasItsEffectTwiceIsAViolation() {
    assertNotNull(check(put("a", 0, 1), append("b", "ab", 2, 3), get("abb", 4, 5)));
  }

  @Test
  void anOperationWithoutAnswerHasItsEffectLaterOrNever() {
    assertNull(check(lost(Kind.PUT, "a", 0), get(null, 5, 6), get("a", 7, 8)));
    assertNull(check(lost(Kind.PUT, "a", 0), get(null, 5, 6), get(null, 7, 8)));
    assertNotNull(check(get("a", 0, 1), lost(Kind.PUT, "a", 2)));
    assertNotNull(check(lost(Kind.PUT, "a", 0), get("a", 5, 6), get(null, 7, 8)));
  }

  @Test
  void eachKeyIsCheckedAlone() {
    Operation other = new Operation(Kind.GET, "other", "", "a", 2, 3);
    assertEquals(List.of(other), check(put("a", 0, 1), other));
  }

  /** Random histories of an atomic value pass, and most of them do not with one result changed. */
  @Test
  void historiesOfAnAtomicValuePass() {
    int found = 0;
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Operation> history = new ArrayList<>();
      String value = null;
      for (int i = 0; i < 60; i++) {
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        value = new Operation(kind, "k", "v" + i, null, 0, 0).apply(value);
        long moment = 10L * i;
        history.add(
            new Operation(
                kind,
                "k",
                "v" + i,
                value,
                moment - random.nextInt(30),
                random.nextInt(10) == 0 ? Operation.NEVER : moment + random.nextInt(30)));
      }
      assertNull(Linearizability.violation(new ArrayList<>(history)));
      int changed = random.nextInt(60);
      Operation one = history.get(changed);
      history.set(
          changed, new Operation(one.kind(), "k", one.value(), "wrong", one.start(), one.end()));
      found += Linearizability.violation(history) != null ? 1 : 0;
    }
    assertEquals(true, found > 200, "found " + found);
  }
}
