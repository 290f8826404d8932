import { writeFileSync } from 'node:fs';

/** Prints a table and writes it to the file that the environment variable names, if it does. */
export function publish(head, rows, variable) {
  const text = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
  console.log(text);
  if (process.env[variable]) {
    writeFileSync(process.env[variable], text);
  }
}

/** The transports that were seen: a row for each front, a column for each path, in it what each client saw. */
export class Table {
  #fronts;
  #paths;
  #clients;
  #seen = new Map();

  constructor(fronts, paths, clients) {
    this.#fronts = fronts;
    this.#paths = paths;
    this.#clients = clients;
  }

  record(front, path, client, transport) {
    this.#seen.set([front, path, client].join(), transport);
  }

  publish() {
    const head = ['front', ...this.#paths.map((path) => `${path} Culvert`)];
    const rows = this.#fronts.map((front) => [front, ...this.#paths.map((path) => this.#cell(front, path))]);
    publish(head, rows, 'E2E_TABLE');
  }

  /** One word where all clients saw the same. */
  #cell(front, path) {
    const seen = this.#clients.map((client) => this.#seen.get([front, path, client].join()) ?? 'not seen');
    const alike = seen.every((transport) => transport === seen[0]);
    return alike ? seen[0] : seen.map((transport, i) => `${this.#clients[i]}: ${transport}`).join(', ');
  }
}
