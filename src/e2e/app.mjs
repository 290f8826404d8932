import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { LOOPBACK } from './port.mjs';

const PAGE = '<!doctype html><title>chat</title><script src="/socket.io/socket.io.js"></script>';
const CONVERSATION = await readFile(new URL('conversation.mjs', import.meta.url));

/** A socket.io app as anybody writes it; its page lets a browser hold the same conversation as Node does. */
export async function startApp() {
  const http = createServer(serve);
  const io = new Server(http);
  io.on('connection', (socket) => socket.on('question', (words, answer) => reply(socket, words, answer)));
  await once(http.listen(0, LOOPBACK), 'listening');
  return { port: http.address().port, end: () => io.close() };
}

function reply(socket, words, answer) {
  answer({
    heard: words,
    transport: socket.conn.transport.name,
    forwarded: 'x-forwarded-for' in socket.handshake.headers,
  });
  socket.emit('news', `news after ${words}`);
}

function serve(request, response) {
  const files = {
    '/': ['text/html', PAGE],
    '/conversation.mjs': ['text/javascript', CONVERSATION],
  };
  const [type, content] = files[request.url] ?? ['text/plain', ''];
  response.writeHead(content ? 200 : 404, { 'Content-Type': type }).end(content);
}
