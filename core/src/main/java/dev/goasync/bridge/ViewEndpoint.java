package dev.goasync.bridge;

import dev.goasync.internal.platform.SocketHandle;
import dev.goasync.io.ByteStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.Set;

/** The implementation of a socket that is a view of a stream; its connect makes the view. */
final class ViewEndpoint extends StreamEndpoint {
  private final StreamView view;

  ViewEndpoint(ByteStream stream) {
    view = new StreamView(stream);
  }

  @Override
  protected void create(boolean isStream) throws IOException {
    setHandle(view);
  }

  @Override
  protected void connect(SocketAddress remote, int millis) throws IOException {
    accepted(view);
  }

  /** Other streams than plain sockets send their end in their own close. */
  @Override
  void beforeClose(SocketHandle handle) {
    if (view.isPlainSocket()) {
      super.beforeClose(handle);
    }
  }

  @Override
  protected boolean supportsUrgentData() {
    return false;
  }

  @Override
  protected Set<SocketOption<?>> supportedOptions() {
    return view.hasSocket() ? super.supportedOptions() : Set.of();
  }
}
