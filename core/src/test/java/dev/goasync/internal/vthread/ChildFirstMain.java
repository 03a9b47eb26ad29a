package dev.goasync.internal.vthread;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** Runs another main class in a class loader that prefers its own classes, as web containers do. */
final class ChildFirstMain {
  private ChildFirstMain() {}

  /** Expects the name of the main class, then the places of its classes. */
  public static void main(String[] arguments) throws Exception {
    var places = new URL[arguments.length - 1];
    for (int i = 0; i < places.length; i++) {
      places[i] = urlOf(arguments[i + 1]);
    }
    try (var loader = new Loader(places)) {
      var main = loader.loadClass(arguments[0]).getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      main.invoke(null, (Object) new String[0]);
    }
  }

  private static URL urlOf(String place) throws MalformedURLException {
    return Path.of(place).toUri().toURL();
  }

  static final class Loader extends URLClassLoader {
    Loader(URL[] places) {
      super(places);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded == null && name.startsWith("dev.goasync.")) {
          loaded = findClass(name);
        }
        return loaded != null ? loaded : super.loadClass(name, resolve);
      }
    }
  }
}
