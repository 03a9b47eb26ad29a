#!/usr/bin/env bash
# JDK 25 and OSHI 6.8.2: the arguments of a running process, one of which is the empty string.
# Guess: all of them, as /proc/PID/cmdline has them.
# Seen: the list ends before the empty argument, and those behind it are missing. OSHI's getCommandLine() has them, without
# the limits between them.
. "$(dirname "$0")/lib.sh"
jars com.github.oshi:oshi-core:6.8.2 org.slf4j:slf4j-nop:2.0.17
program --enable-native-access=ALL-UNNAMED <<'JAVA'
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import oshi.SystemInfo;

class Program {
  public static void main(String[] args) throws Exception {
    Process process = new ProcessBuilder("sh", "-c", "echo; read line", "name", "first", "", "third").start();
    process.getInputStream().read(); // it runs the program now
    var seen = new SystemInfo().getOperatingSystem().getProcess((int) process.pid());
    System.out.println("/proc: " + Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).replace('\0', '|'));
    System.out.println("JDK: " + List.of(process.info().arguments().orElseThrow()));
    System.out.println("OSHI: " + seen.getArguments());
    System.out.println("OSHI, line: " + seen.getCommandLine());
    process.destroy();
  }
}
JAVA
expect <<'TEXT'
/proc: sh|-c|echo; read line|name|first||third|
JDK: [-c, echo; read line, name, first]
OSHI: [sh, -c, echo; read line, name, first]
OSHI, line: sh -c echo; read line name first  third
TEXT
