package dev.goasync.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks a test class of random scripts, load or deep stacks that takes seconds. {@code mvn verify}
 * runs it once, in full mode; {@code .ci/run} runs it in portable mode and on the other backends,
 * too.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag(LongRunning.TAG)
public @interface LongRunning {
  /** The tag that {@code core/pom.xml} leaves out of the executions after the first. */
  String TAG = "long";
}
