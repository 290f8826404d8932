import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { PassThrough, Writable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { readUpgradeBody, sight, startHttp } from './app.mjs';
import { runCommand } from './command.mjs';

const SWITCHED = [
  'HTTP/1.1 101 UPGRADED',
  'Content-Type: application/vnd.docker.multiplexed-stream',
  'Connection: Upgrade',
  'Upgrade: tcp',
  '\r\n',
].join('\r\n');
const STDOUT = 1;
const STDERR = 2;

/** A Docker engine as far as `docker exec` asks for it; its only container is `box`. */
export function startEngine() {
  const seen = [];
  const execs = new Map();
  const http = createServer((request, response) => serve(execs, request, response));
  http.on('upgrade', (request, socket, head) => {
    seen.push(sight(`${request.method} ${request.headers.upgrade}`, request.headers));
    const [, id] = /\/exec\/(\w+)\/start$/.exec(request.url);
    start(execs.get(id), request, socket, head).catch(() => socket.destroy());
  });
  return startHttp(http, seen);
}

async function serve(execs, request, response) {
  const answer = (status, content) =>
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));
  const [, id] = /\/exec\/(\w+)\/json$/.exec(request.url) ?? [];
  if (request.url === '/_ping') {
    response.writeHead(200, { 'Api-Version': '1.43', 'Content-Type': 'text/plain' }).end('OK');
  } else if (request.url.endsWith('/containers/box/json')) {
    answer(200, { Id: 'box', Name: '/box', State: { Running: true }, Config: { Tty: false } });
  } else if (request.url.endsWith('/containers/box/exec')) {
    const { Cmd: command } = await json(request);
    const exec = { id: `exec${execs.size}`, command: command[0], code: null };
    execs.set(exec.id, exec);
    answer(201, { Id: exec.id });
  } else if (execs.has(id)) {
    const { code } = execs.get(id);
    answer(200, { ID: id, Running: code === null, ExitCode: code });
  } else {
    answer(404, { message: `page not found: ${request.url}` });
  }
}

async function start(exec, request, socket, head) {
  const { Tty: isTerminal } = JSON.parse(await readUpgradeBody(request, socket, head));
  assert.equal(isTerminal, false);
  socket.write(SWITCHED);
  const stdin = socket.pipe(new PassThrough()); // whoever reads a stream to its end may destroy it
  const streams = { stdin, stdout: framed(socket, STDOUT), stderr: framed(socket, STDERR) };
  exec.code = await runCommand(exec.command, streams);
  socket.end();
}

/** One of the streams that share the connection: each piece has a head of its stream's number and its length. */
function framed(socket, stream) {
  return new Writable({
    write(piece, _encoding, done) {
      const head = Buffer.alloc(8);
      head.writeUInt8(stream, 0);
      head.writeUInt32BE(piece.length, 4);
      socket.write(Buffer.concat([head, piece]), done);
    },
  });
}
