"use strict";

/** Both sides beat in turns: the one must not wait for the processor behind the other. */
const BEAT_MILLIS = 250;

/** The first beats measure how a JVM and a page warm up. */
const WARM_UP = 3;
const RETRY_MILLIS = 1000;
const HANDSHAKE_MILLIS = 3000;
const MEASURED = 60;
const SHOWN = 50;

const millis = value => value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;

const randomName = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => (byte % 36).toString(36)).join("");

/** The chat's client, once for each way. It tries a WebSocket, and polls where it does not get one. */
class Side {
  constructor(room, port) {
    this.room = room;
    this.host = `127.0.0.1:${port}`;
    this.card = document.getElementById(room);
    this.card.append(document.getElementById("body").content.cloneNode(true));
    this.show("details").open = matchMedia("(min-width: 46rem)").matches;
    this.connect();
  }

  connect() {
    this.client = randomName();
    this.after = 0;
    this.sent = new Map();
    this.trips = [];
    this.requests = 0;
    this.show(".log").replaceChildren();
    let opened = false;
    this.count();
    const socket = new WebSocket(this.address("ws", "chat"));
    const late = setTimeout(() => socket.close(), HANDSHAKE_MILLIS);
    socket.onopen = () => {
      opened = true;
      clearTimeout(late);
      this.through("websocket", text => socket.send(text));
      this.handshake().catch(() => socket.close());
    };
    socket.onmessage = event => this.received(JSON.parse(event.data));
    socket.onclose = () => {
      clearTimeout(late);
      if (opened) {
        this.lost();
      } else {
        this.poll().catch(() => this.lost());
      }
    };
  }

  /** Long polling: a request waits at the app until there is something to say. */
  async poll() {
    await this.handshake();
    this.through("polling", text => this.request("send", {method: "POST", body: text}).catch(() => {}));
    for (;;) {
      (await (await this.request("poll")).json()).forEach(message => this.received(message));
    }
  }

  /** A request of the chat itself, so it counts. */
  async request(path, options) {
    this.count();
    const answer = await fetch(this.address("http", path), options);
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status}`);
    }
    return answer;
  }

  address(scheme, path) {
    return `${scheme}://${this.host}/${path}?room=${this.room}&client=${this.client}&after=${this.after}`;
  }

  through(transport, deliver) {
    this.deliver = deliver;
    this.card.dataset.transport = transport;
    this.show(".transport").textContent = transport;
    this.say("", true);
  }

  /** The demo was ended, or started anew. */
  lost() {
    this.deliver = null;
    delete this.card.dataset.transport;
    this.show(".transport").textContent = "no answer";
    this.show(".verdict").textContent = "Is the demo still running? Trying again every second.";
    this.card.querySelectorAll(".seen").forEach(fields => fields.replaceChildren());
    setTimeout(() => this.connect(), RETRY_MILLIS);
  }

  /** A beat is a message that nobody has written: it measures. */
  say(text, beat) {
    if (this.deliver) {
      const nonce = randomName();
      this.sent.set(nonce, performance.now());
      this.deliver(JSON.stringify({nonce, text, beat}));
    }
  }

  received(message) {
    this.after = message.id;
    const begun = message.client === this.client && this.sent.get(message.nonce);
    const trip = begun ? performance.now() - begun : null;
    this.sent.delete(message.nonce);
    if (!message.beat) {
      this.log(message.text, trip);
    } else if (trip !== null) {
      this.measured(trip);
    }
  }

  measured(trip) {
    this.trips.push(trip);
    if (this.trips.length > WARM_UP + MEASURED) {
      this.trips.splice(WARM_UP, 1);
    }
    const steady = this.trips.slice(Math.min(WARM_UP, this.trips.length - 1));
    const sorted = steady.sort((a, b) => a - b);
    this.show(".round-trip-last").textContent = millis(trip);
    this.show(".round-trip-median").textContent = millis(sorted[Math.floor(sorted.length / 2)]);
  }

  log(text, trip) {
    const line = document.createElement("li");
    line.append(element("span", text), element("span", trip === null ? "" : millis(trip), "took"));
    const log = this.show(".log");
    log.append(line);
    while (log.childElementCount > SHOWN) {
      log.firstElementChild.remove();
    }
    log.scrollTop = log.scrollHeight;
  }

  count() {
    this.requests++;
    this.show(".requests").textContent = this.requests;
  }

  /** Asks the app what it received: a browser tells no page why its WebSocket failed. */
  async handshake() {
    const seen = await (await fetch(this.address("http", "seen"))).json();
    if (!seen.status) {
      throw new Error("the handshake never arrived");
    }
    showHandshake(this.card, seen);
  }

  show(selector) {
    return this.card.querySelector(selector);
  }
}

async function start() {
  const ports = await (await fetch("ports")).json();
  const sides = ["without", "with"].map(room => {
    for (const small of document.querySelectorAll(`#${room} [data-port]`)) {
      small.textContent = `:${ports[small.dataset.port === "front" ? room : small.dataset.port]}`;
    }
    return new Side(room, ports[room]);
  });
  let turn = 0;
  setInterval(() => sides[turn++ % sides.length].say("", true), BEAT_MILLIS / sides.length);
  document.getElementById("say").addEventListener("submit", event => {
    event.preventDefault();
    const input = event.target.elements.text;
    const text = input.value.trim();
    if (text) {
      sides.forEach(side => side.say(text, false));
      input.value = "";
    }
  });
}

start();
