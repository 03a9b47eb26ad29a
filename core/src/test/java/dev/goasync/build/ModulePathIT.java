package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and starts a module that requires the library, with the library's jar alone. */
final class ModulePathIT {
  private static final String JAR =
      Objects.requireNonNull(System.getProperty("goasync.jar"), "run by mvn verify");

  @TempDir Path directory;

  @Test
  void aModuleNeedsNoOtherJar() throws Exception {
    Path module = directory.resolve("module-info.java");
    Path main = directory.resolve("Main.java");
    Files.writeString(module, "module app {\n  requires dev.goasync;\n}\n");
    Files.writeString(
        main,
        """
        package app;

        import dev.goasync.GoAsync;
        import dev.goasync.net.Server;

        public class Main {
          public static void main(String[] arguments) throws Exception {
            try (Server server = Server.listen(0, connection -> {})) {
              System.out.println(GoAsync.goAsync(() -> "served by " + server.getClass().getModule().getName()).await());
              System.out.println(GoAsync.describe().lines().findFirst().orElseThrow().split(" on ")[0]);
            }
          }
        }
        """);
    var messages = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                messages,
                messages,
                "-Xlint:all",
                "-Werror",
                "-p",
                JAR,
                "-d",
                directory.resolve("classes").toString(),
                module.toString(),
                main.toString());
    assertThat(messages.toString(StandardCharsets.UTF_8)).as("javac's messages").isEmpty();
    assertThat(status).isZero();

    Process java =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=dev.goasync",
                    "-p",
                    JAR + File.pathSeparator + directory.resolve("classes"),
                    "-m",
                    "app/app.Main"))
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output.strip())
        .matches("served by dev.goasync\\ngoasync [0-9]+\\.[0-9]+\\.[0-9]+\\S*");
    assertThat(java.waitFor()).isZero();
  }
}
