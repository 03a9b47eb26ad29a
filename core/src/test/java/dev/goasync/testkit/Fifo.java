package dev.goasync.testkit;

import java.io.IOException;
import java.nio.file.Path;

/** Named pipes, which the JDK cannot make. */
public final class Fifo {
  private Fifo() {}

  /**
   * Makes one. The command shares our streams: pipes of its own would be closed some time after its
   * end, and pass for left behind.
   */
  public static Path make(Path path) throws IOException, InterruptedException {
    int status = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("mkfifo " + path + " ended with status " + status);
    }
    return path;
  }
}
