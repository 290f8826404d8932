import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian keeps its servers; an ordinary user's PATH leaves it out. */
const SERVERS = '/usr/sbin';
const READY_MS = 20_000;
const LOOK_MS = 20;
/** Longer than any server here needs; Culvert itself waits for open tunnels first. */
const END_MS = 30_000;

const running = new Set();

// Nothing outlives the tests, however they end. SIGKILL would leave nginx' workers behind.
process.on('exit', () => running.forEach((child) => child.kill('SIGTERM')));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => process.exit(1));
}

/** The file that `name` runs, or undefined where it is not installed. */
export function find(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), SERVERS];
  return (name.startsWith('/') ? [name] : folders.map((folder) => join(folder, name))).find(isProgram);
}

/** Why a test cannot run that needs these programs, those left out not counted: it names them; false if none is missing. */
export function whyNot(...programs) {
  const missing = programs.filter((program) => program && !find(program));
  return missing.length > 0 && `not installed: ${missing.join(', ')}`;
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts a child that does not outlive this process. */
export function launch(name, args, options) {
  const child = spawn(find(name) ?? name, args, options);
  child.once('exit', () => running.delete(child));
  running.add(child);
  return child;
}

/** A server in the foreground, as a child of this process. */
export class Program {
  #name;
  #child;
  #failure;
  #output = '';

  constructor(name, args, options = {}) {
    this.#name = name;
    this.#child = launch(name, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.on('error', (error) => (this.#failure = error));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.#output += text));
    }
  }

  get output() {
    return this.#output;
  }

  get pid() {
    return this.#child.pid;
  }

  /** What `look` finds, which may take its time; fails if the program ends first. */
  async ready(look) {
    const deadline = Date.now() + READY_MS;
    for (;;) {
      const found = await look();
      if (this.#failure || this.#ended) {
        const reason = this.#failure?.message ?? `it ended, saying "${this.#output}"`;
        throw new Error(`${this.#name} did not start: ${reason}`);
      }
      if (found) {
        return found;
      }
      if (Date.now() > deadline) {
        throw new Error(`${this.#name} is not ready after ${READY_MS} ms: ${this.#output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Asks the program to end and waits until it has; resolves to its exit code, null where a signal ended it. */
  async end() {
    if (this.#failure || this.#ended) {
      return this.#child.exitCode;
    }
    const exit = once(this.#child, 'exit');
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    this.#child.kill('SIGTERM');
    const [code] = await exit;
    clearTimeout(impatience);
    return code;
  }

  get #ended() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}
