import test from "ava";

import { Queue } from "../../src/base/queue.ts";
import { Sfc32 } from "../../src/base/sfc32.ts";

test("Queue hands items out in the order in which they came", (t) => {
  const queue = queueOf(1, 2, 3);
  t.is(queue.size, 3);
  t.deepEqual([queue.shift(), queue.shift(), queue.shift()], [1, 2, 3]);
  t.is(queue.size, 0);
});

test("Queue that is empty yields undefined, again and again", (t) => {
  const queue = new Queue<number>();
  t.is(queue.shift(), undefined);
  t.is(queue.peek(), undefined);
  t.is(queue.shift(), undefined);
  t.is(queue.size, 0);
  queue.push(1);
  t.is(queue.shift(), 1);
});

test("Queue peeks without taking", (t) => {
  const queue = queueOf(1, 2);
  t.is(queue.peek(), 1);
  t.is(queue.size, 2);
  queue.shift();
  t.is(queue.peek(), 2);
});

test("Queue takes an item back at the front", (t) => {
  const queue = queueOf(1, 2);
  const first = queue.shift() as number;
  queue.unshift(first);
  queue.unshift(0);
  t.deepEqual([...queue], [0, 1, 2]);
  const empty = new Queue<number>();
  empty.unshift(7);
  t.deepEqual([...empty], [7]);
});

test("Queue clears to nothing and is usable again", (t) => {
  const queue = queueOf(...Array.from({ length: 40 }, (_, index) => index));
  queue.clear();
  t.is(queue.size, 0);
  t.deepEqual([...queue], []);
  queue.push(5);
  t.deepEqual([...queue], [5]);
});

test("Queue keeps what is undefined apart from nothing", (t) => {
  const queue = new Queue<number | undefined>();
  queue.push(undefined);
  t.is(queue.size, 1);
  t.is(queue.shift(), undefined);
  t.is(queue.size, 0);
});

for (const turned of [0, 1, 7, 15]) {
  test(`Queue whose head stands at ${turned} grows at either end without losing its order`, (t) => {
    for (const end of ["push", "unshift"] as const) {
      const queue = new Queue<number>();
      for (let item = 0; item < turned; item += 1) queue.push(item);
      for (let item = 0; item < turned; item += 1) queue.shift();
      for (let item = 0; item < 100; item += 1) queue[end](item);
      const items = Array.from({ length: 100 }, (_, index) => index);
      t.deepEqual([...queue], end === "push" ? items : items.reverse());
    }
  });
}

test("Queue behaves as an array over random work", (t) => {
  const chance = new Sfc32();
  chance.seed(Uint32Array.of(1, 2, 3, 4));
  const queue = new Queue<number>();
  const model: number[] = [];
  for (let turn = 0; turn < 20_000; turn += 1) {
    const choice = chance.next() % 1_000;
    if (choice < 450) {
      queue.push(turn);
      model.push(turn);
    } else if (choice < 550) {
      queue.unshift(turn);
      model.unshift(turn);
    } else if (choice < 999) {
      t.is(queue.shift(), model.shift());
    } else {
      queue.clear();
      model.length = 0;
    }
    if (queue.size !== model.length || queue.peek() !== model[0])
      t.fail(`they differ at turn ${turn}`);
    if (turn % 500 === 0) t.deepEqual([...queue], model);
  }
});

function queueOf(...items: number[]): Queue<number> {
  const queue = new Queue<number>();
  for (const item of items) queue.push(item);
  return queue;
}
