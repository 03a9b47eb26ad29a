package dev.goasync.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Throttle;
import org.jspecify.annotations.Nullable;

/** The events of the offload pool, of TLS connections and of child processes. */
final class ResourceEvents {
  private ResourceEvents() {}

  @Name("dev.goasync.Offload")
  @Label("Offloaded Call")
  @Description("A call of a coroutine ran on a thread of the offload pool")
  @Category("GoAsync")
  @Threshold("20 ms")
  @Throttle("300/s")
  @StackTrace(false)
  static final class Offload extends Event {
    @Label("Task")
    @Nullable String task;

    @Label("Started At")
    @Nullable String start;

    @Label("Loop")
    @Nullable String loop;
  }

  @Name("dev.goasync.TlsHandshake")
  @Label("TLS Handshake")
  @Category("GoAsync")
  @Throttle("300/s")
  @StackTrace(false)
  static final class TlsHandshake extends Event {
    @Label("Connection")
    @Nullable String connection;

    @Label("Client")
    @Description("Whether this side is the client")
    boolean client;

    @Label("Protocol")
    @Nullable String protocol;

    @Label("Cipher Suite")
    @Nullable String cipherSuite;

    @Label("Failure")
    @Nullable String failure;
  }

  @Name("dev.goasync.ProcessStart")
  @Label("Process Start")
  @Category("GoAsync")
  static final class ProcessStart extends Event {
    @Label("Process ID")
    long pid;

    @Label("Command")
    @Nullable String command;
  }

  @Name("dev.goasync.ProcessExit")
  @Label("Process Exit")
  @Description("The end of a child process was seen")
  @Category("GoAsync")
  @StackTrace(false)
  static final class ProcessExit extends Event {
    @Label("Process ID")
    long pid;

    @Label("Command")
    @Nullable String command;

    @Label("Exit Code")
    int exitCode;
  }
}
