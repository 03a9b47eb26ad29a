package dev.goasync.internal.linux.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.internal.sys.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Messages for the limits of inotify. */
final class LinuxWatchTest {
  private static String setting(String name) throws Exception {
    return Files.readString(Path.of("/proc/sys/fs/inotify").resolve(name)).strip();
  }

  @Test
  void theLimitOfWatchesIsExplained() throws Exception {
    assertThat(LinuxWatch.watchProblem(Errno.ENOSPC, Path.of("/directory")))
        .hasMessage(
            "/directory: no more directories can be watched; raise sysctl"
                + " fs.inotify.max_user_watches (now "
                + setting("max_user_watches")
                + ")");
  }

  @Test
  void theLimitOfInstancesIsExplained() throws Exception {
    assertThat(LinuxWatch.instanceProblem(Errno.EMFILE))
        .contains("raise ulimit -n, or sysctl fs.inotify.max_user_instances (now ")
        .endsWith(setting("max_user_instances") + ")");
  }
}
