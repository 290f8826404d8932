#include "stream.h"

#include <string.h>

enum { MOST_PAYLOAD = 64 << 10 };

/* FNV-1a: each byte and each place counts. */
static const uint64_t HASH_BEGIN = 0xcbf29ce484222325;
static const uint64_t HASH_PRIME = 0x100000001b3;

static uint64_t hash(uint64_t so_far, const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        so_far = (so_far ^ bytes[i]) * HASH_PRIME;
    }
    return so_far;
}

/* SplitMix64. */
uint64_t stream_random(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

void stream_begin(struct stream *stream, uint64_t seed) {
    bytes_free(&stream->out);
    *stream = (struct stream){.random = seed, .sent_hash = HASH_BEGIN, .heard_hash = HASH_BEGIN};
}

void stream_put(struct stream *stream, unsigned opcode, size_t payload) {
    static uint8_t frame[FRAME_HEAD_MOST + MOST_PAYLOAD + sizeof(uint64_t)];
    size_t head = frame_write(frame, opcode, payload, true);
    for (size_t i = 0; i < payload; i += sizeof(uint64_t)) {
        uint64_t random = stream_random(&stream->random);
        memcpy(frame + head + i, &random, sizeof random);
    }
    stream->sent += payload;
    stream->sent_hash = hash(stream->sent_hash, frame + head, payload);
    bytes_put(&stream->out, frame, head + payload);
}

static size_t less(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Takes one byte of a head, byte for byte since it may come in pieces. */
static void hear_head(struct stream *stream, uint8_t byte) {
    struct frame frame;
    stream->head[stream->head_length++] = byte;
    if (frame_read(stream->head, stream->head_length, &frame)) {
        stream->payload_left = frame.payload;
        stream->head_length = 0;
    } else if (stream->head_length == sizeof stream->head) {
        stream->heard_hash = 0; /* no head is as long: this will not match */
        stream->head_length = 0;
    }
}

void stream_hear(struct stream *stream, const uint8_t *bytes, size_t length) {
    while (length > 0) {
        size_t piece = 1;
        if (stream->payload_left == 0) {
            hear_head(stream, *bytes);
        } else {
            piece = less(length, stream->payload_left);
            stream->heard_hash = hash(stream->heard_hash, bytes, piece);
            stream->heard += piece;
            stream->payload_left -= piece;
        }
        bytes += piece;
        length -= piece;
    }
}

bool stream_complete(const struct stream *stream) {
    return stream->heard >= stream->sent && stream->payload_left == 0 && stream->head_length == 0;
}

bool stream_matches(const struct stream *stream) {
    return stream->heard == stream->sent && stream->heard_hash == stream->sent_hash;
}
