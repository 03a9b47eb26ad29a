package dev.goasync.internal.linux.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.goasync.internal.sys.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The limits of inotify are explained. */
final class LinuxWatchTest {
  private static String setting(String name) throws Exception {
    return Files.readString(Path.of("/proc/sys/fs/inotify").resolve(name)).strip();
  }

  @Test
  void whoMayWatchNoMoreFoldersIsToldWhatToRaise() throws Exception {
    assertThat(LinuxWatch.whyNoWatch(Errno.ENOSPC, Path.of("/folder")))
        .hasMessage(
            "/folder: no more folders can be watched; raise sysctl fs.inotify.max_user_watches,"
                + " which is "
                + setting("max_user_watches"));
  }

  @Test
  void whoMayHaveNoMoreWatchersIsToldWhatToRaise() throws Exception {
    assertThat(LinuxWatch.whyNoInstance(Errno.EMFILE))
        .contains("raise ulimit -n, or sysctl fs.inotify.max_user_instances, which is ")
        .endsWith(setting("max_user_instances"));
  }
}
