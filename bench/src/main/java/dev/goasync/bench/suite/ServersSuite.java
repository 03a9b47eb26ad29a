package dev.goasync.bench.suite;

import dev.goasync.bench.harness.Suite;
import dev.goasync.bench.harness.Target;
import dev.goasync.bench.harness.Trial;
import dev.goasync.bench.harness.Workplace;
import java.util.ArrayList;
import java.util.List;

/** The examples beside the servers that users would install instead. */
public final class ServersSuite implements Suite {
  @Override
  public String name() {
    return "servers";
  }

  @Override
  public String purpose() {
    return "The examples beside installed servers, one process of one thread each, loaded on the"
        + " same machine: processor time a request. http-files beside nginx with sendfile (files of"
        + " 64 B to 10 MB, 1 to 1,000 connections, 10,000 files of 1 kB at random), the same by TLS"
        + " 1.3 (full handshakes, 100 kB), tcp-proxy beside HAProxy with splice, redis-mini beside"
        + " Redis (GET, one and 16 commands at a time), datagrams sent back beside C with recvmmsg"
        + " and Go, a cached file of 1 kB opened, read and closed beside C, and the native memory"
        + " of clients that do not read.";
  }

  @Override
  public int rounds(boolean quick) {
    return quick ? 1 : 3;
  }

  @Override
  public List<String> notQuick() {
    return List.of(
        "tls",
        "proxy",
        "redis",
        "udp-echo",
        "open-read-close",
        "open-read-close-64",
        "slow-readers");
  }

  @Override
  public int quickSeconds() {
    return 3;
  }

  @Override
  public List<Trial> trials(Workplace place) {
    List<Trial> trials = new ArrayList<>();
    trials.addAll(ServedFiles.trials(place));
    trials.addAll(TlsLoad.trials(place));
    trials.addAll(ProxyLoad.trials(place));
    trials.addAll(RedisLoad.gets(place));
    trials.addAll(UdpLoad.trials(place));
    trials.addAll(OpenReadLoad.trials(place));
    trials.addAll(SlowReaders.trials(place));
    return trials;
  }

  @Override
  public List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    targets.addAll(ServedFiles.targets());
    targets.addAll(TlsLoad.targets());
    targets.addAll(ProxyLoad.targets());
    targets.addAll(RedisLoad.targetsOfGets());
    targets.addAll(OpenReadLoad.targets());
    targets.add(SlowReaders.target());
    return targets;
  }
}
