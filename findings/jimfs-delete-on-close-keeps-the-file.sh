#!/usr/bin/env bash
# jimfs 1.3.2: the option DELETE_ON_CLOSE.
# Guess: the file is gone once its only channel is closed, as on the default file system; or the open fails as unsupported.
# Seen: the open succeeds and the file stays for good. A test on jimfs for left-over temporary files fails for no fault of the code.
. "$(dirname "$0")/lib.sh"
jars com.google.jimfs:jimfs:1.3.2
program <<'JAVA'
import com.google.common.jimfs.*;
import java.nio.channels.FileChannel;
import java.nio.file.*;
import static java.nio.file.StandardOpenOption.*;

class Program {
  public static void main(String[] args) throws Exception {
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      Path file = jimfs.getPath("file");
      FileChannel.open(file, CREATE, WRITE, DELETE_ON_CLOSE).close();
      System.out.println("jimfs: exists after close: " + Files.exists(file));
      Path real = Files.createTempDirectory("finding").resolve("file");
      FileChannel.open(real, CREATE, WRITE, DELETE_ON_CLOSE).close();
      System.out.println("default: exists after close: " + Files.exists(real));
    }
  }
}
JAVA
expect <<'TEXT'
jimfs: exists after close: true
default: exists after close: false
TEXT
