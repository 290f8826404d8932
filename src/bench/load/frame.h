/* WebSocket frames (RFC 6455 §5.2) as far as a load needs them: whole, and masked with zeros or not at all, so that a
 * payload is on the wire what it is in memory. */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAME_HEAD_MOST = 14, FRAME_BINARY = 0x2, FRAME_CLOSE = 0x8 };

struct frame {
    unsigned opcode;
    size_t head; /* bytes before the payload, the masking key among them */
    size_t payload;
};

/* Writes the head of a final frame; returns its length, at most FRAME_HEAD_MOST. */
size_t frame_write(uint8_t *to, unsigned opcode, size_t payload, bool masked);

/* Reads a frame's head; false while it is not complete. */
bool frame_read(const uint8_t *from, size_t available, struct frame *frame);

#endif
