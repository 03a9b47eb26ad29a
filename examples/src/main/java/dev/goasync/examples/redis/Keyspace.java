package dev.goasync.examples.redis;

import dev.goasync.GoAsync;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys and their values. All connections are served by one loop, whose coroutines run one at a
 * time: there is no lock, and what happens between two waits is atomic.
 *
 * <p>A key whose time is over is gone for whoever looks, and its memory is freed by {@link #sweep}
 * at the latest.
 */
public final class Keyspace {
  /** The time of a key that stays. */
  static final long NEVER = Long.MAX_VALUE;

  private static final Duration SWEEP_PAUSE = Duration.ofMillis(100);
  private static final int MAX_SWEPT_AT_ONCE = 1_000;

  /** About what an entry takes besides its bytes: objects, array headers, its place in the map. */
  private static final int ENTRY_BYTES = 160;

  /** A key, its value and the time at which they are gone. The bytes of a value never change. */
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

  /** Those that expire, the next one first. */
  private final TreeSet<Entry> expiring =
      new TreeSet<>(Comparator.comparingLong(Entry::expiresAt).thenComparing(entry -> entry.key));

  private final long maxBytes;
  private long bytes;
  private long now;

  /**
   * @param maxBytes how much keys and values may take; long ones take up to twice that of the heap,
   *     whose collector gives them whole regions
   */
  public Keyspace(long maxBytes) {
    this.maxBytes = maxBytes;
    readClock();
  }

  /** Sets the time that counts until the next call; once for many requests is enough. */
  void readClock() {
    now = System.currentTimeMillis();
  }

  /** The time, in milliseconds since 1970. */
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
   * Adds a key that is not there; its bytes are copied.
   *
   * @throws RedisException if there is no memory for it
   */
  Entry add(Bytes key, byte[] value) throws RedisException {
    account(ENTRY_BYTES + key.length() + value.length);
    Entry entry = new Entry(key.copy(), value);
    entries.put(entry.key, entry);
    return entry;
  }

  /**
   * Gives a key another value.
   *
   * @throws RedisException if there is no memory for it
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

  /** Frees what nobody asks for any more, until its coroutine is cancelled. */
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
