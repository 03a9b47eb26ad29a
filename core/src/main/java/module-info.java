/** Stackful coroutines tied to an I/O event loop. */
@SuppressWarnings("module") // the inspector is compiled later
module dev.goasync {
  // JSpecify is read from the class path by --add-reads: its annotations would make each user's
  // javac ask for its module.
  requires static java.instrument;
  requires static java.management;
  requires static jdk.jfr;
  requires jdk.unsupported; // signals

  exports dev.goasync;
  exports dev.goasync.bridge;
  exports dev.goasync.coroutine;
  exports dev.goasync.file;
  exports dev.goasync.inspect;
  exports dev.goasync.internal.inspect to
      dev.goasync.inspector;
  exports dev.goasync.io;
  exports dev.goasync.net;
  exports dev.goasync.process;
  exports dev.goasync.sync;
  exports dev.goasync.system;
  exports dev.goasync.testing;
  exports dev.goasync.tls;
  exports dev.goasync.watch;

  provides java.nio.file.spi.FileSystemProvider with
      dev.goasync.file.AsyncFileSystemProvider;

  opens dev.goasync.internal.vthread to
      java.instrument; // which calls the agent
}
