#!/usr/bin/env bash
# JSch 2.28.8 with Apache MINA SSHD 2.20.0 as the server: the session is lost while a command runs.
# Guess: the read of the command's output throws an IOException.
# Seen: the output ends as if the command had printed nothing more; only the exit status, -1, differs.
. "$(dirname "$0")/lib.sh"
jars com.github.mwiede:jsch:2.28.8 org.apache.sshd:sshd-core:2.20.0 org.slf4j:slf4j-nop:1.7.36
program <<'JAVA'
import com.jcraft.jsch.*;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.*;
import org.apache.sshd.server.*;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;

class Program {
  /** Prints half a line, and neither the rest nor an end. */
  static class Half implements Command {
    OutputStream out;

    public void setInputStream(InputStream in) {}

    public void setOutputStream(OutputStream out) {
      this.out = out;
    }

    public void setErrorStream(OutputStream err) {}

    public void setExitCallback(ExitCallback callback) {}

    public void start(ChannelSession channel, Environment env) throws IOException {
      out.write("half".getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    public void destroy(ChannelSession channel) {}
  }

  public static void main(String[] args) throws Exception {
    SshServer server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider());
    server.setPasswordAuthenticator((user, password, session) -> true);
    server.setCommandFactory((channel, command) -> new Half());
    server.start();
    Session session = new JSch().getSession("user", "127.0.0.1", server.getPort());
    session.setPassword("secret");
    session.setConfig("StrictHostKeyChecking", "no");
    session.connect();
    ChannelExec channel = (ChannelExec) session.openChannel("exec");
    channel.setCommand("work");
    InputStream output = channel.getInputStream();
    channel.connect();
    byte[] begin = output.readNBytes(4);
    System.out.println("begin: " + new String(begin, StandardCharsets.UTF_8));
    server.stop(true); // the connection ends in the middle of the output
    String rest;
    try {
      rest = "an end after " + output.readAllBytes().length + " bytes";
    } catch (IOException e) {
      rest = "an IOException";
    }
    System.out.println("rest: " + rest);
    System.out.println("exit status: " + channel.getExitStatus());
    System.exit(0);
  }
}
JAVA
expect <<'TEXT'
begin: half
rest: an end after 0 bytes
exit status: -1
TEXT
