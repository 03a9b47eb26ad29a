// Starts many async functions that sleep, and measures their memory. Argument: the number. Needs
// --expose-gc.
'use strict';
const { setTimeout: sleep } = require('node:timers/promises');

const count = Number(process.argv[2]);

async function sleeper(milliseconds) {
  await sleep(milliseconds);
}

function used() {
  global.gc();
  return process.memoryUsage().heapUsed;
}

const before = used();
const start = process.hrtime.bigint();
for (let i = 0; i < count; i++) sleeper(3_600_000 + (i % 1_000_000));
const nanos = Number(process.hrtime.bigint() - start);
console.log(`= sleepers ns_per_op ${(nanos / count).toFixed(1)}`);
console.log(`= sleepers bytes_per_item ${((used() - before) / count).toFixed(1)}`);
process.exit(0);
