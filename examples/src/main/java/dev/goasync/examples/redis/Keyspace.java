package dev.goasync.examples.redis;

import dev.goasync.GoAsync;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys and their values. One loop serves all connections and runs one coroutine at a time, so
 * no lock is needed: code between two waits is atomic.
 *
 * <p>A look-up does not find an expired key, and removes it; {@link #sweep} removes the rest.
 */
public final class Keyspace {
  /** The expiry time of a key that does not expire. */
  static final long NEVER = Long.MAX_VALUE;

  private static final Duration SWEEP_PAUSE = Duration.ofMillis(100);
  private static final int MAX_SWEPT_AT_ONCE = 1_000;

  /** Approximate memory of an entry besides its bytes: objects, array headers, the map's node. */
  private static final int ENTRY_BYTES = 160;

  /** A key, its value and its expiry time. The bytes of a value never change. */
  static final class Entry {
    final Bytes key;
    byte[] value;
    private long expiresAt = NEVER;

    Entry(Bytes key, byte[] value) {
      this.key = key;
      this.value = value;
    }

    /** Returns the expiry time in milliseconds since 1970, or {@link #NEVER}. */
    long expiresAt() {
      return expiresAt;
    }
  }

  private final HashMap<Bytes, Entry> entries = new HashMap<>();

  /** The entries that expire, in order of their expiry times. */
  private final TreeSet<Entry> expiring =
      new TreeSet<>(Comparator.comparingLong(Entry::expiresAt).thenComparing(entry -> entry.key));

  private final long maxBytes;
  private long bytes;
  private long now;

  /**
   * Creates an empty keyspace.
   *
   * @param maxBytes the maximum memory of keys and values; long values take up to twice that from
   *     the heap, since the collector G1 gives them whole regions
   */
  public Keyspace(long maxBytes) {
    this.maxBytes = maxBytes;
    readClock();
  }

  /**
   * Reads the clock; the time is used until the next call. One call for many requests is enough.
   */
  void readClock() {
    now = System.currentTimeMillis();
  }

  /** Returns the time of the last {@link #readClock}, in milliseconds since 1970. */
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
   * Adds a key that does not exist yet; copies its bytes.
   *
   * @throws RedisException if the memory limit would be exceeded
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
   * @throws RedisException if the memory limit would be exceeded
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

  /** Removes expired keys again and again, until the calling coroutine is cancelled. */
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
