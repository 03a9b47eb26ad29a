package dev.goasync.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails a test that leaves something behind: a coroutine on any loop, or an event loop that was not
 * closed.
 *
 * <pre>{@code
 * @NoLeaks
 * final class ServerTest {
 *   @Test
 *   void serves() throws Exception {
 *     try (Server server = Server.listen(0, connection -> connection.writeAll("hello\n"))) {
 *       check(server.port());
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>The check looks at the whole JVM, after {@code @AfterEach}. It waits up to two seconds for
 * coroutines that are about to end. The shared default loop may stay. Under {@code
 * -Dgoasync.trace=true} open files, sockets and pipes are found too, with the line that opened
 * them. Do not run tests with this annotation in parallel with others: it would find their
 * coroutines.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NoLeaksExtension.class)
public @interface NoLeaks {}
