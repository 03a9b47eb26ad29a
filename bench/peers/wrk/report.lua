-- Prints what wrk measured on one line: requests, microseconds, 50th, 99th and 99.9th percentile of
-- the latency in microseconds, errors.
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("= %d %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    e.connect + e.read + e.write + e.timeout + e.status))
end
