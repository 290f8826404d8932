import { setTimeout as delay } from 'node:timers/promises';

/** How late a Service's endpoints follow its pods' readiness: an election of the kubelet's period and the endpoints' way. */
const LATE_MS = 500;

/** What a Kubernetes Service is to its clients: pods of which some may not be ready any more, though nobody knows yet. */
export class Service {
  #pods;
  #next = 0;

  constructor(...pods) {
    this.#pods = pods;
  }

  /** The next pod in turn. */
  pick() {
    return this.#pods[this.#next++ % this.#pods.length];
  }

  add(pod) {
    this.#pods = [...this.#pods, pod];
  }

  /** Takes a pod out some time after it said that it is not ready. */
  async forgetWhenNotReady(pod) {
    while (await pod.isReady()) {
      await delay(LATE_MS);
    }
    await delay(LATE_MS);
    this.#pods = this.#pods.filter((other) => other !== pod);
  }
}
