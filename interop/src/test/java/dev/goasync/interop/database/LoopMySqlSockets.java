package dev.goasync.interop.database;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.protocol.StandardSocketFactory;
import dev.goasync.bridge.LoopSocketFactory;
import java.net.Socket;
import java.net.SocketException;

// guide: begin
/** The driver creates it by the name in the property {@code socketFactory}. */
public final class LoopMySqlSockets extends StandardSocketFactory {
  public LoopMySqlSockets() {}

  @Override
  protected Socket createSocket(PropertySet properties) {
    try {
      return new LoopSocketFactory().createSocket();
    } catch (SocketException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
// guide: end
