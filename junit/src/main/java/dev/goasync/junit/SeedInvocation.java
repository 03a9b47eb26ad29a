package dev.goasync.junit;

import dev.goasync.testing.Simulation;
import dev.goasync.testing.SimulationFailure;
import dev.goasync.testing.World;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.platform.commons.support.ReflectionSupport;
import org.opentest4j.TestAbortedException;

/** An invocation of a {@link SimulationTest}: runs the method in a simulation. */
final class SeedInvocation
    implements TestTemplateInvocationContext, InvocationInterceptor, ParameterResolver {
  private final SeedRange seeds;
  private final Simulation.Options simulation;
  private final AtomicBoolean stopped;

  /**
   * @param stopped set if the invocation fails
   */
  SeedInvocation(SeedRange seeds, Simulation.Options simulation, AtomicBoolean stopped) {
    this.seeds = seeds;
    this.simulation = simulation;
    this.stopped = stopped;
  }

  @Override
  public String getDisplayName(int index) {
    return seeds.toString();
  }

  @Override
  public List<Extension> getAdditionalExtensions() {
    return List.of(this);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return isWorld(parameter.getParameter())
        && parameter.getDeclaringExecutable() == context.getRequiredTestMethod();
  }

  /** The world does not exist yet; {@link #invoke} puts it in the place of null. */
  @Override
  public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return null;
  }

  private static boolean isWorld(Parameter parameter) {
    return parameter.getType() == World.class;
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    invocation.skip();
    boolean passed = false;
    try {
      var _ = simulation.run(world -> invoke(method, world));
      passed = true;
    } catch (SimulationFailure failure) {
      throw failure.getCause() instanceof TestAbortedException aborted ? aborted : failure;
    } finally {
      if (!passed) {
        stopped.set(true);
      }
    }
  }

  private static void invoke(ReflectiveInvocationContext<Method> method, World world) {
    Object[] arguments = method.getArguments().toArray();
    Parameter[] parameters = method.getExecutable().getParameters();
    for (int i = 0; i < parameters.length; i++) {
      if (isWorld(parameters[i])) {
        arguments[i] = world;
      }
    }
    ReflectionSupport.invokeMethod(
        method.getExecutable(), method.getTarget().orElse(null), arguments);
  }
}
