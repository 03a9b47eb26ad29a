package dev.goasync.junit;

import dev.goasync.testing.TestLoop;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Opens the loop of an {@link OnTestLoop} test and runs the test's methods in it. */
final class OnTestLoopExtension
    implements BeforeEachCallback, AfterEachCallback, InvocationInterceptor, ParameterResolver {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(OnTestLoopExtension.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(STORE).put(LoopOfTest.class, new LoopOfTest());
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    LoopOfTest loop = context.getStore(STORE).remove(LoopOfTest.class, LoopOfTest.class);
    if (loop != null) {
      loop.end();
    }
  }

  private static LoopOfTest loopOf(ExtensionContext context) {
    LoopOfTest loop = context.getStore(STORE).get(LoopOfTest.class, LoopOfTest.class);
    if (loop == null) {
      throw new IllegalStateException("no test is running: " + context.getDisplayName());
    }
    return loop;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestLoop.class
        && parameter.getDeclaringExecutable() instanceof Method;
  }

  @Override
  public TestLoop resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return loopOf(context).loop();
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    var _ = loopOf(context).run(invocation);
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    var _ = loopOf(context).run(invocation);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    var _ = loopOf(context).run(invocation);
  }

  @Override
  public <T extends @Nullable Object> T interceptTestFactoryMethod(
      Invocation<T> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    return loopOf(context).run(invocation);
  }

  @Override
  public void interceptDynamicTest(
      Invocation<@Nullable Void> invocation,
      DynamicTestInvocationContext test,
      ExtensionContext context)
      throws Throwable {
    var _ = loopOf(context).run(invocation);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    var _ = loopOf(context).run(invocation);
  }
}
