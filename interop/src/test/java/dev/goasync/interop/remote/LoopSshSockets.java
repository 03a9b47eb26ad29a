package dev.goasync.interop.remote;

import com.jcraft.jsch.SocketFactory;
import dev.goasync.bridge.LoopSocketFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

// guide: begin
/** JSch has a socket factory of its own kind: {@code session.setSocketFactory}. */
public final class LoopSshSockets implements SocketFactory {
  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return new LoopSocketFactory().createSocket(host, port);
  }

  @Override
  public InputStream getInputStream(Socket socket) throws IOException {
    return socket.getInputStream();
  }

  @Override
  public OutputStream getOutputStream(Socket socket) throws IOException {
    return socket.getOutputStream();
  }
}
// guide: end
