package dev.goasync.examples.redis;

import dev.goasync.GoAsync;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys and their values. One loop serves all connections, and its coroutines run one at a time,
 * so no lock is needed, and code between two waits is atomic.
 *
 * <p>A key that has expired is not found any more, and its memory is freed by {@link #sweep} at the
 * latest.
 */
public final class Keyspace {
  /** The expiry of a key that does not expire. */
  static final long NEVER = Long.MAX_VALUE;

  private static final Duration SWEEP_PAUSE = Duration.ofMillis(100);
  private static final int MAX_SWEPT_AT_ONCE = 1_000;

  /** The approximate size of an entry beside its bytes: objects, array headers, map node. */
  private static final int ENTRY_BYTES = 160;

  /** A key, its value and their expiry. The bytes of a value never change. */
  static final class Entry {
    final Bytes key;
    byte[] value;
    private long expiresAt = NEVER;

    Entry(Bytes key, byte[] value) {
      this.key = key;
      this.value = value;
    }

    /** In milliseconds since 1970, or {@link #NEVER}. */
    long expiresAt() {
      return expiresAt;
    }
  }

  private final HashMap<Bytes, Entry> entries = new HashMap<>();

  /** Entries with an expiry, the next one first. */
  private final TreeSet<Entry> expiring =
      new TreeSet<>(Comparator.comparingLong(Entry::expiresAt).thenComparing(entry -> entry.key));

  private final long maxBytes;
  private long bytes;
  private long now;

  /**
   * @param maxBytes the limit for keys and values; in the heap long ones take up to twice their
   *     size, since the collector gives them whole regions
   */
  public Keyspace(long maxBytes) {
    this.maxBytes = maxBytes;
    readClock();
  }

  /** Reads the clock; the value is used until the next call. Once for many requests is enough. */
  void readClock() {
    now = System.currentTimeMillis();
  }

  /** The time that was read last, in milliseconds since 1970. */
  long now() {
    return now;
  }

  long maxBytes() {
    return maxBytes;
  }

  int size() {
    return entries.size();
  }

  @Nullable Entry find(Bytes key) {
    Entry entry = entries.get(key);
    if (entry != null && entry.expiresAt <= now) {
      remove(entry);
      return null;
    }
    return entry;
  }

  /**
   * Adds a new key; copies its bytes.
   *
   * @throws RedisException if memory is lacking
   */
  Entry add(Bytes key, byte[] value) throws RedisException {
    account(ENTRY_BYTES + key.length() + value.length);
    Entry entry = new Entry(key.copy(), value);
    entries.put(entry.key, entry);
    return entry;
  }

  /**
   * Replaces the value of a key.
   *
   * @throws RedisException if memory is lacking
   */
  void replace(Entry entry, byte[] value) throws RedisException {
    account(value.length - entry.value.length);
    entry.value = value;
  }

  void expire(Entry entry, long expiresAt) {
    if (entry.expiresAt != NEVER) {
      expiring.remove(entry);
    }
    entry.expiresAt = expiresAt;
    if (expiresAt != NEVER) {
      expiring.add(entry);
    }
  }

  void remove(Entry entry) {
    expire(entry, NEVER);
    entries.remove(entry.key);
    bytes -= ENTRY_BYTES + entry.key.length() + entry.value.length;
  }

  void clear() {
    entries.clear();
    expiring.clear();
    bytes = 0;
  }

  private void account(int more) throws RedisException {
    if (more > 0 && bytes + more > maxBytes) {
      throw new RedisException("OOM command not allowed when used memory > 'maxmemory'.");
    }
    bytes += more;
  }

  /** Frees expired keys that no client asks for, until its coroutine is cancelled. */
  public void sweep() {
    while (true) {
      GoAsync.sleep(SWEEP_PAUSE);
      readClock();
      for (int swept = 1; !expiring.isEmpty() && expiring.first().expiresAt <= now; swept++) {
        remove(expiring.first());
        if (swept % MAX_SWEPT_AT_ONCE == 0) {
          GoAsync.yield(); // many keys may expire at once, and clients are waiting
        }
      }
    }
  }
}
