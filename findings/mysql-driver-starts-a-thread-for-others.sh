#!/usr/bin/env bash
# MySQL Connector/J 26.10.0 beside H2 2.5.252: a program that has both drivers on its class path and connects to H2 only.
# Guess: a driver that is not used starts nothing.
# Seen: DriverManager loads each driver it finds, and MySQL's starts its clean-up thread as it is loaded.
. "$(dirname "$0")/lib.sh"
jars com.mysql:mysql-connector-j:26.10.0 com.h2database:h2:2.5.252
program <<'JAVA'
import java.sql.DriverManager;

class Program {
  public static void main(String[] args) throws Exception {
    DriverManager.getConnection("jdbc:h2:mem:x").close();
    Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(n -> n.contains("mysql")).forEach(System.out::println);
  }
}
JAVA
expect <<'TEXT'
mysql-cj-abandoned-connection-cleanup
TEXT
