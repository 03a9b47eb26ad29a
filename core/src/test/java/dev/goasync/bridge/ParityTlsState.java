package dev.goasync.bridge;

import java.util.Objects;

/** A state in which the methods of a TLS socket are compared. */
enum ParityTlsState {
  CONNECTED {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.connectTls();
    }
  },
  PEER_CLOSED {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.connectTls();
      scene.closeCompared(Objects.requireNonNull(scene.peer()));
      scene.socket().setSoTimeout(ParityScene.LONG_MILLIS);
    }
  },
  CLOSED {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.connectTls();
      scene.socket().close();
    }
  };

  abstract void enter(ParityScene scene) throws Exception;
}
