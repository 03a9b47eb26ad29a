package dev.goasync.internal.simulated;

import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Decides which random choices of a run keep the value that the seed gives them. The remaining ones
 * take the simplest value: the oldest task, no preemption, all bytes, the number 0. Makes a failing
 * run simpler, after the internal shrinking of Hypothesis (MacIver and Donaldson, 2020). One object
 * for one run.
 *
 * <p>The choices are those of the schedule, and the random numbers that the test and its hosts
 * draw. Each of both kinds is counted from 0.
 */
public final class Choices {
  /** A test may draw until numbers differ, so not all of them can be 0. */
  private static final int MAX_ZEROS_IN_A_ROW = 64;

  private final boolean all;
  private final Kept schedule;
  private final Kept draws;
  private int zerosInARow;

  /** The choices of one kind. */
  private static final class Kept {
    private final boolean all;
    private final BitSet kept;

    /** The choices that were kept and do not have the simplest value. */
    private final BitSet used = new BitSet();

    private int next;

    Kept(boolean all, BitSet kept) {
      this.all = all;
      this.kept = kept;
    }

    /** Whether the next choice, which may have the simplest value, is kept. */
    boolean keepsNext(boolean isSimplest) {
      int position = next++;
      boolean keeps = !isSimplest && (all || kept.get(position));
      if (keeps) {
        used.set(position);
      }
      return keeps;
    }
  }

  private Choices(boolean all, boolean observed, BitSet schedule, BitSet draws) {
    this.all = all && !observed;
    this.schedule = new Kept(all, schedule);
    this.draws = new Kept(all, draws);
  }

  /** All choices are those of the seed. */
  public static Choices ofSeed() {
    return new Choices(true, false, new BitSet(), new BitSet());
  }

  /** All choices are those of the seed, and {@link #used} knows them after the run. */
  public static Choices observed() {
    return new Choices(true, true, new BitSet(), new BitSet());
  }

  /** The given choices are those of the seed. */
  public static Choices keeping(BitSet schedule, BitSet draws) {
    return new Choices(false, true, schedule, draws);
  }

  /**
   * Parses what {@link #toString} has returned.
   *
   * @throws IllegalArgumentException if the text is malformed
   */
  public static Choices parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 2 || !parts[0].startsWith("s") || !parts[1].startsWith("d")) {
      throw malformed(text);
    }
    return keeping(parsePositions(parts[0], text), parsePositions(parts[1], text));
  }

  private static BitSet parsePositions(String part, String text) {
    BitSet positions = new BitSet();
    String list = part.substring(1);
    for (String range : list.isEmpty() ? new String[0] : list.split(",", -1)) {
      if (!range.matches("\\d{1,9}(-\\d{1,9})?")) {
        throw malformed(text);
      }
      String[] ends = range.split("-", -1);
      int last = Integer.parseInt(ends[ends.length - 1]);
      positions.set(Math.min(Integer.parseInt(ends[0]), last), last + 1);
    }
    return positions;
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException("choices must look like s1,5-9/d0: \"" + text + "\"");
  }

  /** The choices of the schedule that the run kept and that were not the simplest. */
  public BitSet usedOfSchedule() {
    return schedule.used;
  }

  /** The random numbers that the run kept and that were not 0. */
  public BitSet usedDraws() {
    return draws.used;
  }

  /** The number of kept choices that mattered in the run. */
  public int used() {
    return schedule.used.cardinality() + draws.used.cardinality();
  }

  /** The choices that were used, as ranges of their numbers. */
  @Override
  public String toString() {
    return "s" + ranges(schedule.used) + "/d" + ranges(draws.used);
  }

  private static String ranges(BitSet positions) {
    var text = new StringBuilder();
    for (int from = positions.nextSetBit(0); from >= 0; ) {
      int end = positions.nextClearBit(from);
      text.append(text.isEmpty() ? "" : ",").append(from);
      if (end > from + 1) {
        text.append('-').append(end - 1);
      }
      from = positions.nextSetBit(end);
    }
    return text.toString();
  }

  Schedule reduce(Schedule drawn) {
    return all ? drawn : new ReducedSchedule(drawn, this);
  }

  RandomGenerator reduce(SplittableRandom drawn) {
    return all ? drawn : new Draws(drawn);
  }

  boolean keepsScheduled(boolean isSimplest) {
    zerosInARow = 0;
    return schedule.keepsNext(isSimplest);
  }

  private boolean keepsDraw(boolean isZero) {
    if (draws.keepsNext(isZero) || ++zerosInARow > MAX_ZEROS_IN_A_ROW) {
      zerosInARow = 0;
      return true;
    }
    return false;
  }

  /** Random numbers, of which some are 0. Draws the same ones as the generator it is made from. */
  private final class Draws implements RandomGenerator {
    private final SplittableRandom random;

    Draws(SplittableRandom random) {
      this.random = random;
    }

    @Override
    public int nextInt() {
      int drawn = random.nextInt();
      return keepsDraw(drawn == 0) ? drawn : 0;
    }

    @Override
    public long nextLong() {
      long drawn = random.nextLong();
      return keepsDraw(drawn == 0) ? drawn : 0;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      byte[] drawn = new byte[bytes.length];
      random.nextBytes(drawn);
      boolean keeps = keepsDraw(drawn.length == 0);
      System.arraycopy(keeps ? drawn : new byte[drawn.length], 0, bytes, 0, bytes.length);
    }
  }
}
