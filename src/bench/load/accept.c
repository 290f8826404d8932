#include "accept.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { BLOCK = 64, ROUNDS = 80, WORDS = 5 };

/* The key and the RFC's own constant are one block of SHA-1 and a few bytes; the length stands in a second one. */
static const char GUID[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

static uint32_t rotated(uint32_t word, int bits) {
    return word << bits | word >> (32 - bits);
}

static uint32_t big_endian(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* RFC 3174 §6.1, on one block. */
static void add_block(uint32_t *hash, const uint8_t *block) {
    uint32_t w[ROUNDS];
    for (int t = 0; t < ROUNDS; t++) {
        w[t] = t < 16 ? big_endian(block + 4 * t) : rotated(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
    }
    uint32_t a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4];
    for (int t = 0; t < ROUNDS; t++) {
        uint32_t mixed = t < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                         : t < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                         : t < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                                  : (b ^ c ^ d) + 0xCA62C1D6;
        uint32_t next = rotated(a, 5) + mixed + e + w[t];
        e = d;
        d = c;
        c = rotated(b, 30);
        b = a;
        a = next;
    }
    uint32_t sums[WORDS] = {a, b, c, d, e};
    for (int i = 0; i < WORDS; i++) {
        hash[i] += sums[i];
    }
}

/* RFC 4648 §4, of the 20 bytes of a hash: 18 of them in threes, and a rest of two. */
static void base64(const uint32_t *hash, char *to) {
    static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t bytes[4 * WORDS + 1] = {0};
    for (int i = 0; i < 4 * WORDS; i++) {
        bytes[i] = (uint8_t)(hash[i / 4] >> (24 - 8 * (i % 4)));
    }
    for (size_t i = 0; i < sizeof bytes; i += 3) {
        uint32_t three = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];
        for (int shift = 18; shift >= 0; shift -= 6) {
            *to++ = ALPHABET[three >> shift & 63];
        }
    }
    to[-1] = '=';
}

void accept_of(const char *key, char *accept) {
    uint32_t hash[WORDS] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    uint8_t blocks[2 * BLOCK] = {0};
    size_t length = ACCEPT_KEY + sizeof GUID - 1;
    memcpy(blocks, key, ACCEPT_KEY);
    memcpy(blocks + ACCEPT_KEY, GUID, sizeof GUID - 1);
    blocks[length] = 0x80;
    blocks[2 * BLOCK - 2] = (uint8_t)(length * 8 >> 8);
    blocks[2 * BLOCK - 1] = (uint8_t)(length * 8);
    add_block(hash, blocks);
    add_block(hash, blocks + BLOCK);
    base64(hash, accept);
}
