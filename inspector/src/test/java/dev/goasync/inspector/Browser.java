package dev.goasync.inspector;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium that a test controls. */
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ChromeDriver driver;

  /** Starts it; skips the test if it is not installed. */
  Browser() {
    Path chromium = installed("chromium", "chromium");
    Path chromedriver = installed("chromedriver", "chromium-driver");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.toFile());
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars");
    options.setCapability("goog:loggingPrefs", logs);
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(chromedriver.toFile()).build(),
            options);
    driver.manage().timeouts().scriptTimeout(PATIENCE.multipliedBy(2));
  }

  private static Path installed(String command, String debianPackage) {
    Optional<Path> found =
        Arrays.stream(String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
            .map(directory -> Path.of(directory, command))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(found.isPresent(), command + " is not installed; apt install " + debianPackage);
    return found.orElseThrow();
  }

  void open(URI url) {
    driver.get(url.toString());
  }

  String address() {
    return driver.getCurrentUrl();
  }

  /** Sets the size of the page and its colours. */
  void appearAs(int width, int height, String colours) {
    var _ =
        driver.executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    var _ =
        driver.executeCdpCommand(
            "Emulation.setEmulatedMedia",
            Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
  }

  /** Clicks the element with this text once it is there. */
  void click(String css, String text) {
    var _ =
        await(
            css,
            text,
            element -> {
              element.click();
              return element;
            });
  }

  /** Waits for an element with this text. */
  void awaitElement(String css, String text) {
    var _ = await(css, text, element -> element);
  }

  /** All text of the element with this text. */
  String textOf(String css, String text) {
    return await(css, text, WebElement::getText);
  }

  /** The name that a screen reader says for the element with this text. */
  String accessibleNameOf(String css, String text) {
    return await(css, text, element -> String.valueOf(element.getAccessibleName()));
  }

  /** Looks for the element and uses it at once, again if the page has replaced it in between. */
  private <T> T await(String css, String text, Function<WebElement, T> use) {
    return await(
        "no " + css + " has the text " + text,
        () ->
            driver.findElements(By.cssSelector(css)).stream()
                .filter(element -> element.isDisplayed() && element.getText().contains(text))
                .findFirst()
                .map(use)
                .orElse(null));
  }

  /** Waits until a script returns true. */
  void awaitScript(String expression) {
    var _ =
        await(
            "never true: " + expression,
            () -> Boolean.TRUE.equals(evaluate(expression)) ? expression : null);
  }

  /** Looks until there is a result; the page waits between two looks. */
  private <T> T await(String failure, Supplier<T> look) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    do {
      try {
        T found = look.get();
        if (found != null) {
          return found;
        }
      } catch (StaleElementReferenceException replaced) {
        // looked at while the page showed new data
      }
      var _ = driver.executeAsyncScript("setTimeout(arguments[0], 50)");
    } while (System.nanoTime() < end);
    throw new AssertionError(failure);
  }

  Object evaluate(String expression) {
    return Objects.requireNonNullElse(driver.executeScript("return " + expression), "nothing");
  }

  void type(String css, String text) {
    driver.findElement(By.cssSelector(css)).sendKeys(text);
  }

  /** Presses a key in the element that has the focus. */
  void press(CharSequence key) {
    driver.switchTo().activeElement().sendKeys(key);
  }

  /** The messages of the console so far. */
  List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::toString)
        .toList();
  }

  byte[] screenshot() {
    return driver.getScreenshotAs(OutputType.BYTES);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
