package dev.goasync.interop.database;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;

/** A MongoDB server in memory as a program, whose argument is its port on loopback. */
public final class MemoryMongo {
  private MemoryMongo() {}

  /** Starts the server, whose threads keep the program alive. */
  public static void main(String[] args) {
    new MongoServer(new MemoryBackend()).bind("127.0.0.1", Integer.parseInt(args[0]));
  }
}
