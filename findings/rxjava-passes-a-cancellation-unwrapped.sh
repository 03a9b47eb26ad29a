#!/usr/bin/env bash
# RxJava 3.1.12: the exception of work whose subscriber has disposed of its subscription.
# Guess: RxJavaPlugins.onError gets it inside an UndeliverableException, as the Wiki and the class say.
# Seen: a CancellationException arrives bare. RxJava takes every IllegalStateException for a bug in the operators, and a
# CancellationException is one: an error handler that filters by getCause() reports each cancel as a bug.
. "$(dirname "$0")/lib.sh"
jars io.reactivex.rxjava3:rxjava:3.1.12
program <<'JAVA'
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.concurrent.*;

class Program {
  public static void main(String[] args) throws Exception {
    for (RuntimeException failure :
        new RuntimeException[] {
          new ArithmeticException(), new CancellationException(), new IllegalStateException()
        }) {
      var handled = new CompletableFuture<Throwable>();
      RxJavaPlugins.setErrorHandler(handled::complete);
      try (ExecutorService threads = Executors.newCachedThreadPool()) {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        Disposable subscription =
            Single.fromCallable(() -> {
                  begun.countDown();
                  end.await();
                  throw failure;
                })
                .subscribeOn(Schedulers.from(threads, false))
                .subscribe();
        begun.await();
        subscription.dispose();
        end.countDown();
        String arrived = handled.get().getClass().getSimpleName();
        System.out.println(failure.getClass().getSimpleName() + " arrives as " + arrived);
      }
    }
  }
}
JAVA
expect <<'TEXT'
ArithmeticException arrives as UndeliverableException
CancellationException arrives as CancellationException
IllegalStateException arrives as IllegalStateException
TEXT
