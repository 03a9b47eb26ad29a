package dev.goasync.bench.harness;

import java.util.Locale;

/**
 * The kinds of figures. The names, in lower case, are part of the JSON output and do not change.
 */
public enum Metric {
  NS_PER_OP("ns"),
  CPU_NS_PER_OP("ns"),
  CPU_US_PER_OP("us"),
  USER_US_PER_OP("us"),
  SYS_US_PER_OP("us"),
  OPS_PER_S("1/s"),
  /** Operations in a second of the busiest thread's processor time. */
  OPS_PER_THREAD_S("1/s"),
  P50_US("us"),
  P99_US("us"),
  P999_US("us"),
  MAX_US("us"),
  WALL_MS("ms"),
  PEAK_RSS_MB("MB"),
  BYTES_PER_ITEM("bytes"),
  SYSCALLS_PER_OP("count"),
  ERRORS("count");

  private final String unit;

  Metric(String unit) {
    this.unit = unit;
  }

  /** Returns the unit of the values. */
  public String unit() {
    return unit;
  }

  /** Returns the name in program output, tables and JSON. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the metric with an {@link #id}. */
  public static Metric of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }
}
