/* Bytes that grow. */
#ifndef BYTES_H
#define BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    uint8_t *at;
    size_t length;
    size_t capacity;
};

/* Appends; ends the program where memory does. */
void bytes_put(struct bytes *bytes, const void *from, size_t length);

/* Drops the first ones. */
void bytes_drop(struct bytes *bytes, size_t length);

/* Gives the memory back; what is left is empty and may grow again. */
void bytes_free(struct bytes *bytes);

#endif
