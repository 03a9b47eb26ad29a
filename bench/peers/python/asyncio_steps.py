"""Single steps of asyncio. Arguments: the case, and the number of stretches to measure."""

import asyncio
import sys

from steps import AT_ONCE, OPERATIONS, generator_steps, measure

count = 0


async def increment():
    global count
    count += 1
    return count


async def spawn_await():
    for _ in range(OPERATIONS):
        await asyncio.create_task(increment())


async def spawn_100_await():
    for _ in range(OPERATIONS // 100):
        for task in [asyncio.create_task(increment()) for _ in range(100)]:
            await task


async def yield_often(times):
    for _ in range(times):
        await asyncio.sleep(0)


async def yield_to_other():
    await asyncio.gather(yield_often(OPERATIONS // 2), yield_often(OPERATIONS // 2))


async def hand_over():
    loop = asyncio.get_running_loop()
    ping = loop.create_future()
    pong = loop.create_future()

    async def answer():
        nonlocal ping
        for _ in range(OPERATIONS // 2):
            await ping
            ping = loop.create_future()
            pong.set_result(None)

    async def ask():
        nonlocal pong
        for _ in range(OPERATIONS // 2):
            ping.set_result(None)
            await pong
            pong = loop.create_future()

    await asyncio.gather(answer(), ask())


async def generator_step():
    generator_steps()


async def channel_64():
    items = asyncio.Queue(64)

    async def send():
        for i in range(OPERATIONS):
            await items.put(i)

    async def receive():
        total = 0
        for _ in range(OPERATIONS):
            total += await items.get()
        return total

    await asyncio.gather(send(), receive())


async def mutex():
    global count
    lock = asyncio.Lock()
    for _ in range(OPERATIONS):
        await lock.acquire()
        count += 1
        lock.release()


async def step(number):
    await asyncio.sleep(0)
    return number + 1


async def chain(number):
    return await step(await step(await step(number)))


async def below(levels, number):
    return await step(number) if levels == 0 else await below(levels - 1, number) + 1


async def serve(request):
    async def client():
        total = 0
        for i in range(OPERATIONS // AT_ONCE):
            total += await request(i)
        return total

    await asyncio.gather(*(client() for _ in range(AT_ONCE)))


STEPS = {
    "spawn-await": spawn_await,
    "spawn-100-await": spawn_100_await,
    "yield": yield_to_other,
    "park-unpark": hand_over,
    "generator-step": generator_step,
    "channel-64": channel_64,
    "mutex": mutex,
    "chain-3": lambda: serve(chain),
    "depth-10": lambda: serve(lambda number: below(10, number)),
}

with asyncio.Runner() as runner:
    measure(sys.argv[1], int(sys.argv[2]), lambda: runner.run(STEPS[sys.argv[1]]()))
