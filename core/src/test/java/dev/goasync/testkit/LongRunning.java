package dev.goasync.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks a test class of random scripts, load or deep stacks that takes seconds. {@code mvn verify}
 * leaves it out; {@code .ci/run} runs it in both modes and on each backend.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag(LongRunning.TAG)
public @interface LongRunning {
  /** The tag that {@code mvn verify} leaves out. */
  String TAG = "long";
}
