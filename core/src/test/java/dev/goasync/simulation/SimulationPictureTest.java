package dev.goasync.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.goasync.GoAsync;
import dev.goasync.net.AsyncDatagramSocket;
import dev.goasync.testing.Host;
import dev.goasync.testing.Simulation;
import dev.goasync.testing.SimulationFailure;
import dev.goasync.testing.World;
import dev.goasync.testkit.Modes;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The picture of a run that has failed. */
@Timeout(60)
final class SimulationPictureTest {
  @TempDir Path dir;

  @BeforeEach
  void needsTheFullMode() {
    Modes.assumeFullMode("a coroutine that waits inside the JDK would stop the simulation");
  }

  /** Sends datagrams to a host, which arrive, and one to the host after its crash. */
  private static void sendAndFail(World world, int arriving) throws Exception {
    Host receiver =
        world.host(
            "receiver",
            () -> {
              try (var socket = AsyncDatagramSocket.bind(7)) {
                while (true) {
                  socket.receive(ByteBuffer.allocate(10));
                }
              }
            });
    GoAsync.sleep(Duration.ofSeconds(1));
    try (var socket = AsyncDatagramSocket.bind(0)) {
      var to = new InetSocketAddress(receiver.address(), 7);
      for (int i = 0; i < arriving; i++) {
        socket.send(ByteBuffer.wrap(new byte[] {1}), to);
        GoAsync.sleep(Duration.ofSeconds(1));
      }
      receiver.crash();
      socket.send(ByteBuffer.wrap(new byte[] {2}), to);
      GoAsync.sleep(Duration.ofSeconds(1));
    }
    throw new IllegalStateException("1 < 2 & \0 is wrong");
  }

  private Document draw(int arriving) throws Exception {
    Path pictures = dir.resolve("new/pictures");
    var failure =
        assertThrows(
            SimulationFailure.class,
            () ->
                Simulation.with()
                    .seed(17)
                    .pictures(pictures)
                    .run(world -> sendAndFail(world, arriving)));
    Path file = pictures.resolve("seed-17.html");
    assertThat(failure.getMessage()).endsWith("picture: " + file);
    String text = Files.readString(file).replace("<!DOCTYPE html>", "");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(text)));
  }

  private static long count(Document picture, String tag, String style) {
    NodeList all = picture.getElementsByTagName(tag);
    long count = 0;
    for (int i = 0; i < all.getLength(); i++) {
      count += ((Element) all.item(i)).getAttribute("class").equals(style) ? 1 : 0;
    }
    return count;
  }

  @Test
  void hostsAreColumnsAndMessagesAreArrows() throws Exception {
    Document picture = draw(3);
    assertEquals(2, count(picture, "line", "life"));
    assertEquals(3, count(picture, "line", "message"));
    assertEquals(1, count(picture, "line", "lost"));
    assertEquals(2, count(picture, "text", "host"));
    assertEquals(2, count(picture, "text", "fault")); // the crash, and the lost datagram
    assertThat(picture.getElementsByTagName("pre").item(0).getTextContent())
        .contains("seed 17", "1 < 2 & \ufffd is wrong");
  }

  @Test
  void onlyTheLastEventsAreDrawn() throws Exception {
    Document picture = draw(1_500);
    long messages = count(picture, "line", "message");
    assertThat(messages).isBetween(300L, 999L);
    assertThat(count(picture, "text", "note")).isBetween(900L, 1_000L);
    assertEquals(1, count(picture, "line", "lost"));
    assertThat(count(picture, "text", "host")).isGreaterThan(20); // repeated down the page
  }

  @Test
  void aRunThatPassesIsNotDrawn() throws Exception {
    Path pictures = dir.resolve("pictures");
    Simulation.with().pictures(pictures).run(world -> {});
    assertFalse(Files.exists(pictures));
  }

  @Test
  void aPictureThatCannotBeWrittenDoesNotHideTheFailure() throws Exception {
    Path file = Files.createFile(dir.resolve("file"));
    var failure =
        assertThrows(
            SimulationFailure.class,
            () ->
                Simulation.with()
                    .pictures(file)
                    .run(world -> {
                      throw new IllegalStateException("the failure");
                    }));
    assertThat(failure).hasMessageContaining("the failure").hasMessageContaining("no picture: ");
    assertTrue(Files.isRegularFile(file));
  }
}
