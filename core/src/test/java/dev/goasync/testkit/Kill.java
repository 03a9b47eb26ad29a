package dev.goasync.testkit;

import java.io.IOException;

/** Sends signals to this process. */
public final class Kill {
  private Kill() {}

  /**
   * Returns when the signal is sent, which is before the JVM delivers it. The command shares our
   * streams, as with {@link Fifo}.
   *
   * @param signal its name, without SIG
   */
  public static void self(String signal) throws IOException, InterruptedException {
    String pid = Long.toString(ProcessHandle.current().pid());
    int status = new ProcessBuilder("kill", "-" + signal, pid).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("kill -" + signal + " " + pid + " ended with status " + status);
    }
  }
}
