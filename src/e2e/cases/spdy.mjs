import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { constants, createDeflate, createInflate } from 'node:zlib';
import { DICTIONARY } from './spdy-dictionary.mjs';

const CONTROL = 0x80;
const HEAD_BYTES = 8;
const FIN = 1;
const [SYN_STREAM, SYN_REPLY, PING] = [1, 2, 6];
/** Of a SYN_STREAM's body, in front of its headers. */
const FIXED_BYTES = 10;
const NO_HEADERS = Buffer.alloc(4);

/**
 * The server's side of SPDY/3.1 as Kubernetes speaks it: streams that the client opens, without flow control. (npm's
 * spdy-transport insists on HTTP's headers, which kubectl does not send.) Calls `onStream(headers, stream)` for each.
 */
export async function acceptStreams(socket, onStream) {
  const streams = new Map();
  const coding = { dictionary: DICTIONARY, flush: constants.Z_SYNC_FLUSH };
  const inflate = createInflate(coding);
  const deflate = createDeflate(coding);
  for await (const { isControl, type, id, flags, body } of frames(socket)) {
    if (isControl && type === SYN_STREAM) {
      const opened = body.readUInt32BE();
      const headers = parse(await code(inflate, body.subarray(FIXED_BYTES)));
      streams.set(opened, openStream(socket, opened));
      socket.write(control(SYN_REPLY, Buffer.concat([number(opened), await code(deflate, NO_HEADERS)])));
      onStream(headers, streams.get(opened));
    } else if (isControl && type === PING) {
      socket.write(control(PING, body));
    } else if (!isControl) {
      streams.get(id).push(body);
      if (flags & FIN) {
        streams.get(id).push(null);
      }
    }
  }
}

async function* frames(socket) {
  let bytes = Buffer.alloc(0);
  for await (const piece of socket) {
    bytes = Buffer.concat([bytes, piece]);
    let end;
    while (bytes.length >= HEAD_BYTES && bytes.length >= (end = HEAD_BYTES + bytes.readUIntBE(5, 3))) {
      yield {
        isControl: (bytes[0] & CONTROL) !== 0,
        type: bytes.readUInt16BE(2),
        id: bytes.readUInt32BE(0),
        flags: bytes[4],
        body: bytes.subarray(HEAD_BYTES, end),
      };
      bytes = bytes.subarray(end);
    }
  }
}

function openStream(socket, id) {
  return new Duplex({
    read() {}, // what comes is pushed as it comes
    write: (piece, _encoding, done) => void socket.write(data(id, 0, piece), done),
    final: (done) => void socket.write(data(id, FIN, Buffer.alloc(0)), done),
  });
}

/** Headers are short: what a flush yields comes in one piece. */
async function code(zlib, block) {
  zlib.write(block);
  const [coded] = await once(zlib, 'data');
  return coded;
}

function parse(block) {
  const headers = {};
  let at = 4;
  const text = () => {
    const from = at + 4;
    at = from + block.readUInt32BE(at);
    return block.toString('utf8', from, at);
  };
  while (at < block.length) {
    headers[text()] = text();
  }
  return headers;
}

function control(type, body) {
  return Buffer.concat([Buffer.from([CONTROL, 3, 0, type]), number(body.length), body]);
}

function data(id, flags, body) {
  return Buffer.concat([number(id), number(flags * 2 ** 24 + body.length), body]);
}

function number(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
