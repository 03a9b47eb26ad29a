package dev.goasync.examples;

import static dev.goasync.GoAsync.goAsync;

import dev.goasync.sync.Channel;
import dev.goasync.sync.ChannelClosedException;

/**
 * Prints primes with a chain of coroutines, each of which removes the multiples of its prime.
 * Usage: {@code sieve [COUNT]}
 */
public final class Sieve {
  private static final int COUNT = 100;
  private static final int MAX_COUNT = 10_000;

  private Sieve() {}

  public static void main(String[] args) {
    Cli.run(
        "sieve [COUNT]",
        args,
        options -> {
          int count = count(options);
          goAsync(() -> print(count)).await();
          System.out.println("sieve: ok");
        });
  }

  private static void print(int count) {
    Channel<Integer> source = Channel.rendezvous();
    goAsync(() -> generate(source));
    Channel<Integer> numbers = source;
    for (int i = 0; i < count; i++) {
      int prime = numbers.receive();
      System.out.println(prime);
      Channel<Integer> unfiltered = numbers;
      Channel<Integer> filtered = Channel.rendezvous();
      goAsync(() -> filter(unfiltered, filtered, prime));
      numbers = filtered;
    }
    numbers.close(); // ends the coroutines of the chain, from the last to the first
  }

  private static void generate(Channel<Integer> out) {
    try {
      for (int i = 2; ; i++) {
        out.send(i);
      }
    } catch (ChannelClosedException noReceiver) {
      return;
    }
  }

  private static void filter(Channel<Integer> in, Channel<Integer> out, int prime) {
    try {
      for (int number : in) {
        if (number % prime != 0) {
          out.send(number);
        }
      }
    } catch (ChannelClosedException noReceiver) {
      in.close();
    }
  }

  private static int count(Options options) {
    String count = options.operand();
    if (count == null) {
      return COUNT;
    }
    if (!count.matches("\\d{1,9}") || Integer.parseInt(count) > MAX_COUNT) {
      throw options.refuse("COUNT from 0 to " + MAX_COUNT);
    }
    return Integer.parseInt(count);
  }
}
