#!/usr/bin/env bash
# Logback 1.6.6, Log4j 2.25.3: the thread's name in a log line of a virtual thread that has no name.
# Guess: both print what Thread.getName() says, the empty string.
# Seen: Logback makes up "virtual-ID" and so keeps the threads apart; Log4j's %t prints nothing, so all such lines look alike.
. "$(dirname "$0")/lib.sh"
jars ch.qos.logback:logback-classic:1.6.6 org.apache.logging.log4j:log4j-core:2.25.3
program <<'JAVA'
import ch.qos.logback.classic.spi.LoggingEvent;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;

class Program {
  public static void main(String[] args) throws Exception {
    Thread.ofVirtual().start(() -> {
      var context = new ch.qos.logback.classic.LoggerContext();
      var event = new LoggingEvent("", context.getLogger("x"), ch.qos.logback.classic.Level.INFO, "hi", null, null);
      System.out.println("name: [" + Thread.currentThread().getName() + "]");
      System.out.println("logback: [" + event.getThreadName().replaceAll("[0-9]+", "ID") + "]");
      var layout = PatternLayout.newBuilder().withPattern("[%t]").build();
      System.out.println("log4j: " + layout.toSerializable(Log4jLogEvent.newBuilder().build()));
    }).join();
  }
}
JAVA
expect <<'TEXT'
name: []
logback: [virtual-ID]
log4j: []
TEXT
