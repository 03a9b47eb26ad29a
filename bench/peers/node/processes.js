// Starts /bin/true repeatedly in concurrent async functions. Arguments: the case, the concurrency,
// and the milliseconds to measure.
'use strict';
const { spawn } = require('node:child_process');
const { readFileSync } = require('node:fs');

const MICROSECONDS_PER_TICK = 10_000;

// Own time and that of children that have ended, in microseconds: node reports its own time only.
function cpu() {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * MICROSECONDS_PER_TICK;
}

function runOne() {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/true', { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`code ${code}`))));
  });
}

async function runUntil(until) {
  let done = 0;
  for (; performance.now() < until; done++) await runOne();
  return done;
}

async function measure(atOnce, milliseconds) {
  const before = cpu();
  const start = performance.now();
  const counts = await Promise.all(
    Array.from({ length: atOnce }, () => runUntil(start + milliseconds)));
  const done = counts.reduce((sum, count) => sum + count, 0);
  return { done, seconds: (performance.now() - start) / 1000, used: cpu() - before };
}

async function main() {
  const [name, atOnce, milliseconds] = process.argv.slice(2);
  await measure(Number(atOnce), Number(milliseconds)); // warms up the JIT
  const { done, seconds, used } = await measure(Number(atOnce), Number(milliseconds));
  console.log(`= ${name} cpu_us_per_op ${(used / done).toFixed(3)}`);
  console.log(`= ${name} ops_per_s ${(done / seconds).toFixed(1)}`);
}

main();
