package peers;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.CountDownLatch;

/** Requests of several asynchronous steps with Netty's futures and callbacks on one event loop. */
public final class NettySteps {
  private static final int OPERATIONS = 10_000;
  private static final int AT_ONCE = 100;

  private final EventLoop loop;
  private int sum;
  private int left;

  /** A request. */
  @FunctionalInterface
  private interface Request {
    Future<Integer> serve(int input);
  }

  private NettySteps(EventLoop loop) {
    this.loop = loop;
  }

  /** Arguments: the case, and the number of stretches of 0.1 s to measure; the fastest counts. */
  public static void main(String[] args) throws InterruptedException {
    EventLoop loop =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()).next();
    NettySteps steps = new NettySteps(loop);
    Request request = args[0].equals("chain-3") ? steps::chain : input -> steps.below(10, input);
    Stretches.measure(args[0], Integer.parseInt(args[1]), OPERATIONS, () -> steps.serve(request));
    System.exit(0);
  }

  private void serve(Request request) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    loop.execute(
        () -> {
          left = AT_ONCE;
          for (int i = 0; i < AT_ONCE; i++) {
            next(request, 0, done);
          }
        });
    done.await();
  }

  private void next(Request request, int count, CountDownLatch done) {
    if (count == OPERATIONS / AT_ONCE) {
      if (--left == 0) {
        done.countDown();
      }
      return;
    }
    request
        .serve(count)
        .addListener(
            (FutureListener<Integer>)
                result -> {
                  sum += result.getNow();
                  next(request, count + 1, done);
                });
  }

  private Future<Integer> step(int input) {
    Promise<Integer> result = loop.newPromise();
    loop.execute(() -> result.setSuccess(input + 1));
    return result;
  }

  private Future<Integer> chain(int input) {
    Promise<Integer> result = loop.newPromise();
    step(input)
        .addListener(
            (FutureListener<Integer>)
                first ->
                    step(first.getNow())
                        .addListener(
                            (FutureListener<Integer>)
                                second ->
                                    step(second.getNow())
                                        .addListener(
                                            (FutureListener<Integer>)
                                                third -> result.setSuccess(third.getNow()))));
    return result;
  }

  private Future<Integer> below(int levels, int input) {
    if (levels == 0) {
      return step(input);
    }
    Promise<Integer> result = loop.newPromise();
    below(levels - 1, input)
        .addListener(
            (FutureListener<Integer>) below -> result.setSuccess(below.getNow() + 1));
    return result;
  }
}
