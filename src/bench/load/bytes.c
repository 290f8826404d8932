#include "bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bytes_put(struct bytes *bytes, const void *from, size_t length) {
    if (length == 0) {
        return;
    }
    if (bytes->length + length > bytes->capacity) {
        bytes->capacity = (bytes->length + length) * 2;
        bytes->at = realloc(bytes->at, bytes->capacity);
        if (bytes->at == NULL) {
            perror("memory");
            exit(1);
        }
    }
    memcpy(bytes->at + bytes->length, from, length);
    bytes->length += length;
}

void bytes_drop(struct bytes *bytes, size_t length) {
    if (length == 0) {
        return; /* there may be no memory to move in */
    }
    bytes->length -= length;
    memmove(bytes->at, bytes->at + length, bytes->length);
}

void bytes_free(struct bytes *bytes) {
    free(bytes->at);
    *bytes = (struct bytes){0};
}
