#!/usr/bin/env bash
# Caffeine 3.3.1: a value is replaced, or read, less than a second after it was written.
# Guess: as the Javadoc says, expireAfterWrite counts from the most recent replacement, expireAfterAccess from the last read.
# Seen: within the first second neither counts if the duration is longer than a second: with 1.5 s a value that was written
# 0.9 s later is gone after 0.6 s. With a duration of 1 s, and with an Expiry, the times are exact.
. "$(dirname "$0")/lib.sh"
jars com.github.ben-manes.caffeine:caffeine:3.3.1
program <<'JAVA'
import com.github.benmanes.caffeine.cache.*;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

class Program {
  static long millis;

  public static void main(String[] args) {
    Duration shorter = Duration.ofMillis(1000);
    Duration longer = Duration.ofMillis(1500);
    BiConsumer<Cache<String, String>, String> put = (cache, key) -> cache.put(key, "new");
    BiConsumer<Cache<String, String>, String> get = Cache::getIfPresent;
    show("expireAfterWrite 1 s, replaced", Caffeine.newBuilder().expireAfterWrite(shorter), put);
    show("expireAfterWrite 1.5 s, replaced", Caffeine.newBuilder().expireAfterWrite(longer), put);
    show("expireAfterAccess 1 s, read", Caffeine.newBuilder().expireAfterAccess(shorter), get);
    show("expireAfterAccess 1.5 s, read", Caffeine.newBuilder().expireAfterAccess(longer), get);
    show("Expiry.writing 1.5 s, replaced", Caffeine.newBuilder().expireAfter(Expiry.writing((key, value) -> longer)), put);
  }

  static void show(String name, Caffeine<Object, Object> builder, BiConsumer<Cache<String, String>, String> use) {
    millis = 0;
    Cache<String, String> cache = builder.ticker(() -> TimeUnit.MILLISECONDS.toNanos(millis)).build();
    cache.put("key", "old");
    millis = 900;
    use.accept(cache, "key");
    while (cache.policy().getIfPresentQuietly("key") != null) {
      millis++;
    }
    System.out.println(name + " after 0.9 s: gone after " + (millis - 900) + " ms more");
  }
}
JAVA
expect <<'TEXT'
expireAfterWrite 1 s, replaced after 0.9 s: gone after 1000 ms more
expireAfterWrite 1.5 s, replaced after 0.9 s: gone after 600 ms more
expireAfterAccess 1 s, read after 0.9 s: gone after 1000 ms more
expireAfterAccess 1.5 s, read after 0.9 s: gone after 600 ms more
Expiry.writing 1.5 s, replaced after 0.9 s: gone after 1500 ms more
TEXT
