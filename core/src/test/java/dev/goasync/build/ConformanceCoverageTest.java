package dev.goasync.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.goasync.bridge.LoopServerSocketFactory;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.conformance.Conformance;
import dev.goasync.file.AsyncDirectory;
import dev.goasync.file.AsyncFile;
import dev.goasync.file.AsyncFileLock;
import dev.goasync.io.ByteReader;
import dev.goasync.io.Readiness;
import dev.goasync.net.AsyncDatagramSocket;
import dev.goasync.net.AsyncServerSocket;
import dev.goasync.net.AsyncSocket;
import dev.goasync.net.AsyncUnixServerSocket;
import dev.goasync.net.AsyncUnixSocket;
import dev.goasync.net.HostNames;
import dev.goasync.net.PassedDescriptor;
import dev.goasync.net.Server;
import dev.goasync.process.AsyncPipeline;
import dev.goasync.process.AsyncProcess;
import dev.goasync.process.Command;
import dev.goasync.process.CommandResult;
import dev.goasync.process.Pipeline;
import dev.goasync.process.ProcessGroup;
import dev.goasync.process.PseudoTerminal;
import dev.goasync.process.Redirect;
import dev.goasync.system.AsyncPipe;
import dev.goasync.system.PollHandle;
import dev.goasync.system.SignalStream;
import dev.goasync.system.StandardStream;
import dev.goasync.tls.TlsStream;
import dev.goasync.watch.FileWatch;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every operation of a resource is called by a test that every backend runs. */
final class ConformanceCoverageTest {
  private static final List<Class<?>> RESOURCES =
      List.of(
          AsyncDirectory.class,
          AsyncFile.class,
          AsyncFileLock.class,
          AsyncSocket.class,
          AsyncServerSocket.class,
          Server.class,
          AsyncDatagramSocket.class,
          AsyncUnixServerSocket.class,
          Command.class,
          AsyncProcess.class,
          ProcessGroup.class,
          Pipeline.class,
          AsyncPipeline.class,
          CommandResult.class,
          Redirect.class,
          HostNames.class,
          PassedDescriptor.class,
          LoopSocketFactory.class,
          LoopServerSocketFactory.class,
          ByteReader.class,
          Readiness.class,
          AsyncPipe.class,
          PollHandle.class,
          FileWatch.class);

  /** What these inherit is called on others of their kind. */
  private static final List<Class<?>> RESOURCES_WITH_MORE =
      List.of(
          AsyncUnixSocket.class,
          PseudoTerminal.class,
          SignalStream.class,
          StandardStream.class,
          TlsStream.class);

  @Test
  void everyPublicMethodIsCalledByTheSuite() {
    Set<String> called = calledBySuite();
    Set<String> missing = new TreeSet<>();
    for (Class<?> resource : RESOURCES) {
      addMissing(resource, resource.getMethods(), called, missing);
    }
    for (Class<?> resource : RESOURCES_WITH_MORE) {
      addMissing(resource, resource.getDeclaredMethods(), called, missing);
    }
    assertThat(missing).as("methods that no test tagged conformance calls").isEmpty();
  }

  private static void addMissing(
      Class<?> resource, Method[] methods, Set<String> called, Set<String> missing) {
    for (Method method : methods) {
      String signature = signature(resource.getName(), method);
      boolean operation =
          Modifier.isPublic(method.getModifiers())
              && method.getDeclaringClass() != Object.class
              && !method.isBridge();
      if (operation && !method.getName().equals("toString") && !called.contains(signature)) {
        missing.add(signature);
      }
    }
  }

  private static String signature(String owner, Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getName)
        .collect(Collectors.joining(", ", owner + "." + method.getName() + "(", ")"));
  }

  private static Set<String> calledBySuite() {
    Set<String> called = new HashSet<>();
    var tests =
        new ClassFileImporter().importPath(SourceTree.root().resolve("core/target/test-classes"));
    for (JavaClass test : tests) {
      if (isOfSuite(test)) {
        test.getCodeUnitCallsFromSelf().forEach(call -> called.add(signature(call.getTarget())));
        test.getCodeUnitReferencesFromSelf()
            .forEach(reference -> called.add(signature(reference.getTarget())));
      }
    }
    return called;
  }

  /** The tagged classes with what is inside them, and the rows that the cancellation sweep runs. */
  private static boolean isOfSuite(JavaClass candidate) {
    JavaClass outermost = candidate;
    while (outermost.getEnclosingClass().isPresent()) {
      outermost = outermost.getEnclosingClass().get();
    }
    return outermost.isAnnotatedWith(Conformance.class)
        || outermost.getSimpleName().endsWith("Rows");
  }

  private static String signature(CodeUnitAccessTarget target) {
    return target.getRawParameterTypes().stream()
        .map(JavaClass::getName)
        .collect(
            Collectors.joining(
                ", ", target.getOwner().getName() + "." + target.getName() + "(", ")"));
  }
}
