/** Those who listen to the events of a world, and what they are shown. */
import {
  eventName,
  eventStamp,
  type Event,
  type EventListener,
  type ScheduledEvent,
} from "./event.ts";
import type { Action, EventQueue } from "./event-queue.ts";
import type { Owner } from "./owner.ts";

export class EventWatch {
  /** Whether anybody listens. */
  watched = false;
  #listeners: readonly EventListener[] = [];

  /** Listen from the next event on. Returns how to stop. */
  listen(listener: EventListener): () => void {
    // In a box of its own: whoever listens twice stops twice.
    const entry: EventListener = (event) => listener(event);
    this.#set([...this.#listeners, entry]);
    return () => this.#set(this.#listeners.filter((other) => other !== entry));
  }

  /** Tell everybody of the event that the queue has just handed out. */
  tell(queue: EventQueue, step: number): void {
    const { time, sequence } = queue;
    const action = queue.action as Action<unknown>;
    const event: Event = {
      ...eventName(action, queue.argument),
      ...eventStamp(time, sequence, queue.owner as Owner),
      step,
    };
    for (const listener of this.#listeners) listener(event);
  }

  #set(listeners: readonly EventListener[]): void {
    this.#listeners = listeners;
    this.watched = listeners.length > 0;
  }
}

/** What is due later, the earliest first. */
export function scheduledEvents(queue: EventQueue): ScheduledEvent[] {
  return queue.pending().map(({ time, sequence, owner, action, argument }) => ({
    ...eventName(action, argument),
    ...eventStamp(time, sequence, owner),
  }));
}
