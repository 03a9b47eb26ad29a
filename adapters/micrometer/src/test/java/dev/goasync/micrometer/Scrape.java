package dev.goasync.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;

/** The samples of one scrape, by the name with its labels as Prometheus writes them. */
record Scrape(Map<String, Double> samples) {
  /** Fetches and parses the text format. */
  static Scrape of(int port) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
      HttpResponse<String> response =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      return parse(response.body());
    }
  }

  static Scrape parse(String text) {
    Map<String, Double> samples = new HashMap<>();
    for (String line : text.lines().toList()) {
      int space = line.lastIndexOf(' ');
      if (!line.startsWith("#") && space > 0) {
        samples.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
      }
    }
    return new Scrape(samples);
  }

  double value(String sample) {
    assertThat(samples).containsKey(sample);
    return samples.getOrDefault(sample, Double.NaN);
  }
}
