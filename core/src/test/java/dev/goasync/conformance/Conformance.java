package dev.goasync.conformance;

import dev.goasync.testkit.NoLeaks;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Marks a test class whose tests every backend must pass without leaks. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag(Conformance.TAG)
@Timeout(60)
@ExtendWith({NoLeaks.class, ListedSkips.class})
public @interface Conformance {
  /** The tag that the executions of {@code core/pom.xml} select. */
  String TAG = "conformance";
}
