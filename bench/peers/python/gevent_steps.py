"""Single steps of gevent. Arguments: the case, and the number of stretches to measure."""

import sys

import gevent
from gevent.event import Event
from gevent.lock import Semaphore
from gevent.queue import Queue
from steps import AT_ONCE, OPERATIONS, generator_steps, measure

count = 0


def increment():
    global count
    count += 1
    return count


def spawn_await():
    for _ in range(OPERATIONS):
        gevent.spawn(increment).get()


def spawn_100_await():
    for _ in range(OPERATIONS // 100):
        gevent.joinall([gevent.spawn(increment) for _ in range(100)])


def yield_often(times):
    for _ in range(times):
        gevent.sleep(0)


def yield_to_other():
    gevent.joinall([gevent.spawn(yield_often, OPERATIONS // 2) for _ in range(2)])


def hand_over():
    ping, pong = Event(), Event()

    def answer():
        for _ in range(OPERATIONS // 2):
            ping.wait()
            ping.clear()
            pong.set()

    def ask():
        for _ in range(OPERATIONS // 2):
            ping.set()
            pong.wait()
            pong.clear()

    gevent.joinall([gevent.spawn(answer), gevent.spawn(ask)])


def channel_64():
    items = Queue(64)

    def send():
        for i in range(OPERATIONS):
            items.put(i)

    def receive():
        for _ in range(OPERATIONS):
            items.get()

    gevent.joinall([gevent.spawn(send), gevent.spawn(receive)])


def mutex():
    global count
    lock = Semaphore()
    for _ in range(OPERATIONS):
        lock.acquire()
        count += 1
        lock.release()


def step(number):
    gevent.sleep(0)
    return number + 1


def chain(number):
    return step(step(step(number)))


def below(levels, number):
    return step(number) if levels == 0 else below(levels - 1, number) + 1


def serve(request):
    def client():
        total = 0
        for i in range(OPERATIONS // AT_ONCE):
            total += request(i)
        return total

    gevent.joinall([gevent.spawn(client) for _ in range(AT_ONCE)])


STEPS = {
    "spawn-await": spawn_await,
    "spawn-100-await": spawn_100_await,
    "yield": yield_to_other,
    "park-unpark": hand_over,
    "generator-step": generator_steps,
    "channel-64": channel_64,
    "mutex": mutex,
    "chain-3": lambda: serve(chain),
    "depth-10": lambda: serve(lambda number: below(10, number)),
}

measure(sys.argv[1], int(sys.argv[2]), STEPS[sys.argv[1]])
