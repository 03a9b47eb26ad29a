package dev.goasync.interop.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.goasync.interop.Modes;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.Servers;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** JSch: commands of many coroutines through one SSH session. */
@Timeout(120)
final class SshTest {
  /** A session runs its commands one after the other: more would only take longer. */
  private static final int USERS = 10;

  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static Session connect(String user, String host, int port, Path key) throws JSchException {
    JSch jsch = new JSch();
    jsch.addIdentity(key.toString());
    Session session = jsch.getSession(user, host, port);
    session.setConfig("StrictHostKeyChecking", "no"); // a test's server has a new key
    session.setSocketFactory(new LoopSshSockets());
    session.connect();
    return session;
  }

  static String run(Session session, String command) throws JSchException, IOException {
    ChannelExec channel = (ChannelExec) session.openChannel("exec");
    try {
      channel.setCommand(command);
      InputStream output = channel.getInputStream();
      channel.connect();
      return new String(output.readAllBytes(), UTF_8);
    } finally {
      channel.disconnect();
    }
  }

  // guide: end

  private static int echo(Session session, int number) throws Exception {
    assertThat(run(session, "echo " + number)).isEqualTo(number + "\n");
    return number;
  }

  @Test
  void aSessionSurvivesTheCancelOfOneOfItsUsers() throws Exception {
    Modes.assumeFullMode("a command's output arrives by the session's thread");
    Servers.Ssh server = Servers.ssh();
    one.run(() -> {
      String user = System.getProperty("user.name");
      Session session = connect(user, "127.0.0.1", server.port(), server.key());
      try {
        Throwable failure =
            Rounds.withCut(USERS, number -> echo(session, number), () -> run(session, "sleep 60"));
        assertThat(failure).isInstanceOf(InterruptedIOException.class);
        assertThat(session.isConnected()).as("the shared session survives").isTrue();
      } finally {
        session.disconnect();
      }
    });
  }
}
