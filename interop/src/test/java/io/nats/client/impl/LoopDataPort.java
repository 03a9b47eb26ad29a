package io.nats.client.impl;

import dev.goasync.bridge.LoopSocketFactory;
import io.nats.client.support.NatsUri;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

// guide: begin
/** It must lie in this package: {@code NatsConnection} is not public. */
public final class LoopDataPort extends SocketDataPort {
  /** jnats creates it by the name of the class. */
  public LoopDataPort() {}

  @Override
  public void connect(NatsConnection connection, NatsUri server, long timeoutNanos)
      throws IOException {
    this.connection = connection;
    host = server.getHost();
    port = server.getPort();
    socket = new LoopSocketFactory().createSocket();
    socket.setTcpNoDelay(true);
    int timeoutMillis = (int) Duration.ofNanos(timeoutNanos).toMillis();
    socket.connect(InetSocketAddress.createUnresolved(host, port), timeoutMillis);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }
}
// guide: end
