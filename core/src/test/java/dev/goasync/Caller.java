package dev.goasync;

/** The two contexts that every operation must suit. */
public enum Caller {
  /** A plain thread, which operations block. */
  THREAD {
    @Override
    public void run(Action<?> body) throws Exception {
      body.run();
    }
  },

  /** A coroutine of the default loop, which operations pause. */
  COROUTINE {
    @Override
    public void run(Action<?> body) throws Exception {
      finish(GoAsync.goAsync(body));
    }
  };

  /** Runs {@code body} in that context, and throws what it throws. */
  public abstract void run(Action<?> body) throws Exception;

  /** Starts {@code body} beside the caller: in another thread, or in another coroutine. */
  public Task<?> beside(Action<?> body) {
    if (this == COROUTINE) {
      return GoAsync.goAsync(body);
    }
    var future = new java.util.concurrent.CompletableFuture<Void>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            body.run();
            future.complete(null);
          } catch (Throwable thrown) {
            future.completeExceptionally(thrown);
          }
        });
    return Task.from(future);
  }

  /** Awaits a task, however it ends. */
  public static void settle(Task<?> task) {
    try {
      task.await();
    } catch (RuntimeException failed) {
      // of no interest
    }
  }

  /** Awaits a task and throws what its body threw. */
  public static void finish(Task<?> task) throws Exception {
    try {
      task.await();
    } catch (RuntimeException failed) {
      switch (task.failure()) {
        case Error error -> throw error;
        case Exception thrown -> throw thrown;
        case null, default -> throw failed;
      }
    }
  }
}
