package dev.goasync.inspector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/**
 * Clicks through the page in a browser: each planted fault is found. With {@code
 * -Dscreenshots=apply} the pictures of docs/guide/inspecting.md are written.
 */
@Timeout(120)
final class PageTest {
  private static final Path PICTURES = Path.of("../docs/guide/images");
  private static final List<String> VIEWS =
      List.of("loops", "tasks", "waits", "timers", "resources", "stalls", "compare");

  private static Browser browser;
  private static ChildProgram program;
  private static URI url;

  @BeforeAll
  static void start() throws Exception {
    browser = new Browser();
    program =
        ChildProgram.start(
            PlantedFaults.class,
            "-Dgoasync.trace=true",
            "-Dgoasync.deadlock=off",
            "-Dgoasync.blockingCallMillis=300");
    String line = program.errorLineWith("GoAsync inspector: ");
    url = URI.create(line.substring(line.indexOf("http")));
    browser.open(url);
    browser.awaitElement("#status", "Live");
  }

  @AfterAll
  static void stop() throws IOException {
    if (program != null) {
      program.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void showLoops() {
    browser.appearAs(1600, 1000, "light");
    browser.click("nav a", "Loops");
    browser.awaitScript(
        "document.querySelector('#findings-more').getAttribute('aria-expanded') !== 'true' ||"
            + " (document.querySelector('#findings-more').click(), false)");
    browser.evaluate("window.scrollTo(0, 0)");
  }

  @AfterEach
  void theConsoleHasNoErrors() {
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void theTokenLeavesTheAddress() {
    assertThat(browser.address()).doesNotContain("token");
    assertThat(browser.evaluate("document.cookie")).isEqualTo("");
  }

  @Test
  void theHangIsFoundFromItsFinding() {
    browser.click("#findings button", "cycle of 2 waits");
    browser.awaitElement(".graph-part h3", "2 tasks in a cycle");
    assertThat(browser.accessibleNameOf(".node.cycle", "ship order"))
        .contains("PlantedFaults.hang:");
    browser.click(".node.cycle", "refund");
    browser.click(".task", "refund");
    assertThat(browser.textOf(".details", "at dev.goasync.sync.Mutex"))
        .contains("PlantedFaults.lambda$lockBoth$", "held by task \"ship order\"");
  }

  /** The line in the findings, all of which are shown. */
  private static String finding(String part) {
    browser.awaitScript(
        "document.querySelector('#findings-more').getAttribute('aria-expanded') === 'true' ||"
            + " (document.querySelector('#findings-more').click(), false)");
    browser.awaitElement("#findings button", part);
    return browser.textOf("#findings button", part);
  }

  @Test
  void theLoopThatStaysBlockedIsFoundWithTheCallAndWhatToUse() {
    assertThat(finding("loop imports does not answer"))
        .contains("task \"import\"", "PlantedFaults.readBlocking:");
    assertThat(finding("blocks loop imports"))
        .contains("by java.io.", "PlantedFaults.readBlocking:", "use AsyncProcess");
    browser.click("nav a", "Stalls");
    browser.awaitElement("main .alert", "FileInputStream");
  }

  @Test
  void theLostPermitIsFoundWithTheLineThatTookIt() {
    browser.click("nav a", "Tasks");
    browser.awaitElement(".task", "needs a permit");
    assertThat(browser.textOf(".task", "needs a permit"))
        .contains("permit(s) of semaphore@", "taken at PlantedFaults.forgetPermit:")
        .contains("by task \"forgetful\"", "which has ended");
  }

  @Test
  void theChildThatHoldsThePipeIsFoundWithItsNumberAndTheLineThatReads() {
    assertThat(finding("the pipe is open in process"))
        .contains("task \"convert\"", "PlantedFaults.readOutput:", "(cat)");
  }

  @Test
  void theShieldedTaskOfAScopeIsFoundWithItsLine() {
    assertThat(finding("1 task waits for the tasks of a scope and needs task \"stubborn\""))
        .contains("PlantedFaults.sleepBehindAShield:")
        .contains("shielded from cancels");
    assertThat(finding("a cancel has not ended task \"nightly\""))
        .contains("the night is over", "PlantedFaults.runScope:");
  }

  @Test
  void aTaskCanBeCancelledIfTheOptionsPermitIt() {
    browser.click("nav a", "Tasks");
    browser.click(".task", "victim");
    browser.awaitElement(".details .stack", "GoAsync.sleep");
    browser.click(".cancel", "Cancel this task");
    browser.awaitScript(
        "![...document.querySelectorAll('.task')].some((each) =>"
            + " each.textContent.includes('victim'))");
  }

  @Test
  void theStallIsFoundWithItsStack() {
    browser.click("nav a", "Stalls");
    browser.click(".frame", "PlantedFaults.compute:");
    browser.awaitElement("main p", "PlantedFaults.compute");
    browser.awaitElement(".frame", "PlantedFaults.blockTheLoop");
    browser.awaitElement("main table", "PlantedFaults.compute");
  }

  @Test
  void theLeakedSocketsAreFoundByTheirLine() {
    browser.click("nav a", "Resources");
    browser.awaitElement("main tr", "PlantedFaults.leakSockets:");
    browser.awaitScript(
        "[...document.querySelectorAll('main tr')].some((row) =>"
            + " row.textContent.includes('leakSockets') && row.querySelector('.worse'))");
  }

  @Test
  void theTasksThatWaitWithoutEndAreFoundByAComparison() {
    browser.click("#mark", "Mark");
    browser.awaitElement("main tr", "PlantedFaults.leakTasks:");
    assertThat(browser.textOf("main tr", "PlantedFaults.leakTasks"))
        .contains("+", "wait for channel@");
    browser.awaitElement("main h2", "Still waiting: ");
  }

  @Test
  void aPausedPageStandsStill() {
    browser.click("#pause", "Pause");
    browser.awaitElement("#status", "Paused at");
    Object time = browser.evaluate("document.querySelector('#status').textContent");
    browser.click("nav a", "Tasks");
    browser.awaitElement(".task", "ship order");
    browser.evaluate(
        "(window.received = 0, window.events = new EventSource('events'),"
            + " window.events.onmessage = () => window.received++, true)");
    browser.awaitScript("window.received > 8"); // more than a second
    browser.evaluate("(window.events.close(), true)");
    assertThat(browser.evaluate("document.querySelector('#status').textContent")).isEqualTo(time);
    browser.click("#pause", "Pause");
    browser.awaitElement("#status", "Live");
  }

  @Test
  void namesAreTextAndNotMarkup() {
    browser.click("nav a", "Tasks");
    browser.type("input[type=search]", "bold");
    browser.awaitElement(".task-title", "<b>bold</b><img src=x onerror=alert(1)>");
    assertThat(browser.evaluate("document.querySelectorAll('main b, main img').length"))
        .isEqualTo(0L);
    browser.evaluate("document.querySelector('input[type=search]').value = ''");
    browser.type("input[type=search]", " ");
  }

  @Test
  void theSearchAndTheFiltersNarrowTheList() {
    browser.click("nav a", "Tasks");
    browser.type("input[type=search]", "mutex count");
    browser.awaitScript("document.querySelectorAll('.task').length === 5");
    browser.evaluate("document.querySelector('input[type=search]').select()");
    browser.press(" ");
    browser.awaitScript("document.querySelectorAll('.task').length > 5");
  }

  @Test
  void theKeyboardReachesEverything() {
    browser.open(url);
    browser.awaitElement("#status", "Live");
    browser.press(Keys.TAB);
    assertThat(browser.evaluate("document.activeElement.textContent")).isEqualTo("Skip to content");
    assertThat(browser.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
        .isEqualTo("solid");
    for (String expected : List.of("Pause", "Mark this moment", "JSON", "Text", "Loops", "Tasks")) {
      browser.press(Keys.TAB);
      assertThat(browser.evaluate("document.activeElement.textContent")).isEqualTo(expected);
    }
    browser.press(Keys.ENTER);
    browser.awaitElement(".task", "ship order");
    assertThat(browser.evaluate("document.activeElement.getAttribute('aria-current')"))
        .isEqualTo("page");
  }

  @ParameterizedTest
  @CsvSource({"400, light", "400, dark", "1600, light", "1600, dark"})
  void everyViewFitsTheWidth(int width, String colours) {
    browser.appearAs(width, 900, colours);
    for (String view : VIEWS) {
      browser.evaluate("location.hash = '" + view + "'");
      browser.awaitScript(
          "document.querySelector('nav a[aria-current]')?.hash === '#" + view + "'");
      assertThat(
              browser.evaluate(
                  "document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
          .as(view)
          .isEqualTo(true);
      assertThat(
              browser.evaluate(
                  "[...document.querySelectorAll('main *')].every((each) =>"
                      + " !each.textContent.includes('undefined') &&"
                      + " !each.textContent.includes('NaN'))"))
          .as(view)
          .isEqualTo(true);
    }
  }

  @Test
  void picturesOfTheGuide() throws IOException {
    if (!"apply".equals(System.getProperty("screenshots"))) {
      return;
    }
    Files.createDirectories(PICTURES);
    browser.awaitScript(
        "document.querySelector('.lane .line')?.getAttribute('d').split('L').length > 12");
    browser.appearAs(1200, 760, "light");
    picture("loops");
    browser.click("nav a", "Waits");
    browser.awaitElement(".node.cycle", "refund");
    picture("waits");
    browser.click("nav a", "Stalls");
    browser.awaitElement(".frame", "compute");
    browser.appearAs(1200, 620, "dark");
    picture("stalls");
    browser.appearAs(400, 800, "dark");
    browser.click("nav a", "Tasks");
    browser.awaitElement(".task", "ship order");
    picture("tasks-narrow");
  }

  private static void picture(String name) throws IOException {
    Files.write(PICTURES.resolve("inspector-" + name + ".png"), browser.screenshot());
  }
}
