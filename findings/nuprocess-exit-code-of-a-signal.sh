#!/usr/bin/env bash
# NuProcess 3.0.0, zt-exec 1.13.0, JDK 25: the exit code of a child that a signal ended.
# Guess: 128 + the signal's number, as the JDK, the shells and zt-exec say.
# Seen: NuProcess gives the bare number, which a child that exits by itself can return too: killed by SIGKILL and `exit 9` look the same.
. "$(dirname "$0")/lib.sh"
jars com.zaxxer:nuprocess:3.0.0 org.zeroturnaround:zt-exec:1.13.0
program --enable-native-access=ALL-UNNAMED <<'JAVA'
import com.zaxxer.nuprocess.*;
import java.util.concurrent.TimeUnit;
import org.zeroturnaround.exec.ProcessExecutor;

class Program {
  public static void main(String[] args) throws Exception {
    for (String script : new String[] {"kill -9 $$", "kill -15 $$", "exit 9"}) {
      var builder = new NuProcessBuilder("sh", "-c", script);
      builder.setProcessListener(new NuAbstractProcessHandler() {});
      System.out.println(script
          + ": nuprocess " + builder.start().waitFor(20, TimeUnit.SECONDS)
          + ", jdk " + new ProcessBuilder("sh", "-c", script).start().waitFor()
          + ", zt-exec " + new ProcessExecutor("sh", "-c", script).exitValueAny().execute().getExitValue());
    }
    System.exit(0);
  }
}
JAVA
expect <<'TEXT'
kill -9 $$: nuprocess 9, jdk 137, zt-exec 137
kill -15 $$: nuprocess 15, jdk 143, zt-exec 143
exit 9: nuprocess 9, jdk 9, zt-exec 9
TEXT
