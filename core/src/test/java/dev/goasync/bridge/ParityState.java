package dev.goasync.bridge;

import java.util.Objects;

/** A state in which the methods of a socket are compared. */
enum ParityState {
  UNCONNECTED {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.unconnected();
    }
  },
  BOUND {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.unconnected();
      scene.socket().bind(new java.net.InetSocketAddress(ParityScene.LOOPBACK, 0));
    }
  },
  CONNECTED {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.connect();
    }
  },
  WITH_INPUT {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.connectWithInput((byte) 1, (byte) 2, (byte) 3);
    }
  },
  INPUT_SHUT {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.connectWithInput((byte) 1, (byte) 2, (byte) 3);
      scene.socket().shutdownInput();
    }
  },
  OUTPUT_SHUT {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.connectWithInput((byte) 1, (byte) 2, (byte) 3);
      scene.socket().shutdownOutput();
    }
  },
  PEER_SHUT {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.connectWithInput((byte) 1);
      Objects.requireNonNull(scene.peer()).shutdownOutput();
      scene.socket().setSoTimeout(ParityScene.LONG_MILLIS);
    }
  },
  END_READ {
    @Override
    void enter(ParityScene scene) throws Exception {
      PEER_SHUT.enter(scene);
      var _ = scene.socket().getInputStream().readAllBytes();
    }
  },
  RESET {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.reset();
    }
  },
  RESET_READ {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.resetByPeer();
      try {
        var _ = scene.socket().getInputStream().read();
      } catch (java.io.IOException reset) {
        return;
      }
      throw new AssertionError("not reset");
    }
  },
  CLOSED_UNCONNECTED {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.unconnected();
      scene.socket().close();
    }
  },
  CLOSED {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.connect();
      scene.keepStreams();
      scene.socket().close();
    }
  };

  abstract void enter(ParityScene scene) throws Exception;
}
