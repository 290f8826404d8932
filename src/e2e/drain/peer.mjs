const TEXT = 0x81;
const CLOSE = 0x88;
const MASKED = 0x80;
/** RFC 6455 section 5.3, four zeros: a payload under this mask is what it was. */
const NO_MASK = Buffer.alloc(4);
const PAYLOAD = 8;
export const GOING_AWAY = 1001;

/**
 * One end of a WebSocket on a raw socket, which says numbers and counts what it hears. Unlike a library's it also reads what
 * comes behind a Close frame: every byte of a tunnel is accounted for. `ended` resolves when the connection is gone.
 */
export class Peer {
  said = 0;
  heard = 0;
  /** The status of the Close frame that came, and that of the one that went first. */
  closedWith;
  closedBy;
  failure;
  #socket;
  #mask;
  #bytes = Buffer.alloc(0);

  constructor(socket, { isClient }, early = Buffer.alloc(0)) {
    this.#socket = socket;
    this.#mask = isClient ? NO_MASK : Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', (error) => (this.failure = error));
    socket.on('end', () => socket.end());
    this.ended = new Promise((resolve) => socket.once('close', resolve));
    this.#read(early);
  }

  say() {
    if (this.closedBy === undefined && this.#socket.writable) {
      this.#write(TEXT, Buffer.from(String(this.said++).padStart(PAYLOAD)));
    }
  }

  /** Begins the closing handshake, or answers the other side's. */
  close(by) {
    if (this.closedBy === undefined && this.#socket.writable) {
      this.closedBy = by;
      this.#write(CLOSE, Buffer.from([GOING_AWAY >> 8, GOING_AWAY & 0xff]));
    }
  }

  destroy() {
    this.#socket.destroy();
  }

  #write(opcode, payload) {
    const length = payload.length | (this.#mask.length > 0 ? MASKED : 0);
    this.#socket.write(Buffer.concat([Buffer.from([opcode, length]), this.#mask, payload]));
  }

  #read(bytes) {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    for (;;) {
      const masked = (this.#bytes[1] & MASKED) !== 0;
      const begin = masked ? 6 : 2;
      const end = begin + (this.#bytes[1] & ~MASKED);
      if (!(this.#bytes.length >= end)) {
        return;
      }
      const mask = masked ? this.#bytes.subarray(2, 6) : NO_MASK;
      const payload = this.#bytes.subarray(begin, end).map((byte, i) => byte ^ mask[i % 4]);
      this.#frame(this.#bytes[0], Buffer.from(payload));
      this.#bytes = this.#bytes.subarray(end);
    }
  }

  #frame(opcode, payload) {
    if (opcode === TEXT && Number(payload.toString()) === this.heard) {
      this.heard++;
    } else if (opcode === CLOSE) {
      this.closedWith ??= payload.readUInt16BE();
      this.close('the other side');
      if (this.#mask.length === 0) {
        this.#socket.end(); // RFC 6455 section 7.1.1: the server closes first
      }
    } else {
      this.failure ??= new Error(`heard ${opcode} "${payload}", expected number ${this.heard}`);
      this.#socket.destroy();
    }
  }
}
