#include "frame.h"

#include <string.h>

enum { FINAL = 0x80, MASKED = 0x80, OPCODE = 0x0f, LENGTH = 0x7f, TWO_BYTES = 126, EIGHT_BYTES = 127, KEY = 4 };

static size_t extended(size_t payload) {
    return payload < TWO_BYTES ? 0 : payload <= UINT16_MAX ? 2 : 8;
}

size_t frame_write(uint8_t *to, unsigned opcode, size_t payload, bool masked) {
    size_t more = extended(payload);
    uint8_t length = more == 0 ? (uint8_t)payload : more == 2 ? TWO_BYTES : EIGHT_BYTES;
    to[0] = (uint8_t)(FINAL | opcode);
    to[1] = (uint8_t)(length | (masked ? MASKED : 0));
    for (size_t i = 0; i < more; i++) {
        to[2 + i] = (uint8_t)(payload >> 8 * (more - 1 - i));
    }
    size_t head = 2 + more;
    if (masked) {
        memset(to + head, 0, KEY);
        head += KEY;
    }
    return head;
}

bool frame_read(const uint8_t *from, size_t available, struct frame *frame) {
    if (available < 2) {
        return false;
    }
    size_t length = from[1] & LENGTH;
    size_t more = length == TWO_BYTES ? 2 : length == EIGHT_BYTES ? 8 : 0;
    frame->opcode = from[0] & OPCODE;
    frame->head = 2 + more + (from[1] & MASKED ? KEY : 0);
    if (available < frame->head) {
        return false;
    }
    frame->payload = more == 0 ? length : 0;
    for (size_t i = 0; i < more; i++) {
        frame->payload = frame->payload << 8 | from[2 + i];
    }
    return true;
}
