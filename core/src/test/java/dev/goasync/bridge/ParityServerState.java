package dev.goasync.bridge;

/** A state in which the methods of a listening socket are compared. */
enum ParityServerState {
  UNBOUND {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.unboundServer();
    }
  },
  LISTENING {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.listeningServer();
    }
  },
  WITH_CONNECTION {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.serverWithConnection();
    }
  },
  CLOSED_UNBOUND {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.unboundServer();
      scene.server().close();
    }
  },
  CLOSED {
    @Override
    void enter(ParityScene scene) throws Exception {
      scene.listeningServer();
      scene.server().close();
    }
  };

  abstract void enter(ParityScene scene) throws Exception;
}
