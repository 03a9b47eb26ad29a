// Single steps of async functions. Arguments: the case, and the number of stretches of 0.1 s to
// measure. Prints the wall time of the fastest stretch and the processor time of all.
'use strict';

const OPERATIONS = 10_000;
const AT_ONCE = 100;
const WARM_UP = 10; // stretches
let count = 0;

async function increment() {
  return ++count;
}

async function spawnAwait() {
  for (let i = 0; i < OPERATIONS; i++) count += await increment();
}

async function spawn100Await() {
  for (let i = 0; i < OPERATIONS; i += 100) {
    await Promise.all(Array.from({ length: 100 }, increment));
  }
}

// A turn of the queue of microtasks, the cost of awaiting a finished promise.
async function yieldOften(times) {
  for (let i = 0; i < times; i++) await undefined;
}

function* numbers() {
  for (let i = 0; i < OPERATIONS; i++) yield i & 0x7f;
}

async function step(input) {
  await undefined;
  return input + 1;
}

async function chain(input) {
  return await step(await step(await step(input)));
}

async function below(levels, input) {
  return levels === 0 ? await step(input) : (await below(levels - 1, input)) + 1;
}

async function serve(request) {
  async function client() {
    for (let i = 0; i < OPERATIONS / AT_ONCE; i++) count += await request(i);
  }
  await Promise.all(Array.from({ length: AT_ONCE }, client));
}

const STEPS = {
  'spawn-await': spawnAwait,
  'spawn-100-await': spawn100Await,
  'yield': () => Promise.all([yieldOften(OPERATIONS / 2), yieldOften(OPERATIONS / 2)]),
  'generator-step': async () => {
    for (const number of numbers()) count += number;
  },
  'chain-3': () => serve(chain),
  'depth-10': () => serve((input) => below(10, input)),
};

async function main() {
  const [name, stretches] = process.argv.slice(2);
  let best = Infinity;
  let allDone = 0;
  let before;
  for (let stretch = -Math.min(WARM_UP, 2 * stretches); stretch < stretches; stretch++) {
    if (stretch === 0) before = process.cpuUsage();
    const start = performance.now();
    let done = 0;
    while (performance.now() - start < 100) {
      await STEPS[name]();
      done += OPERATIONS;
    }
    if (stretch < 0) continue;
    best = Math.min(best, ((performance.now() - start) * 1e6) / done);
    allDone += done;
  }
  const used = process.cpuUsage(before);
  console.log(`= ${name} ns_per_op ${best.toFixed(3)}`);
  console.log(`= ${name} cpu_ns_per_op ${(((used.user + used.system) * 1e3) / allDone).toFixed(3)}`);
}

main();
