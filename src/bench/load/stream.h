/* What one tunnel of a soak says and hears: pseudo-random payloads of all sizes, and a hash over each direction. */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "frame.h"

struct stream {
    uint64_t random;
    uint64_t sent; /* payload bytes that were put */
    uint64_t sent_hash;
    uint64_t heard; /* payload bytes that came */
    uint64_t heard_hash;
    struct bytes out; /* frames that the socket has not taken */
    uint8_t head[FRAME_HEAD_MOST]; /* of the frame that is being heard */
    size_t head_length;
    size_t payload_left; /* of that frame */
    bool end_behind;     /* our direction ends when all is out */
};

/* Begins anew with other bytes than before. */
void stream_begin(struct stream *stream, uint64_t seed);

/* A pseudo-random number. */
uint64_t stream_random(uint64_t *state);

/* Puts a frame of that much payload to what goes out. */
void stream_put(struct stream *stream, unsigned opcode, size_t payload);

/* Takes in what came. */
void stream_hear(struct stream *stream, const uint8_t *bytes, size_t length);

/* Whether as much came as was sent. */
bool stream_complete(const struct stream *stream);

/* Whether it is the same. */
bool stream_matches(const struct stream *stream);

#endif
