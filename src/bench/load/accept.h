/* The answer to a Sec-WebSocket-Key: RFC 6455 §4.2.2. */
#ifndef ACCEPT_H
#define ACCEPT_H

enum { ACCEPT_KEY = 24, ACCEPT_LENGTH = 28 };

/* Writes the ACCEPT_LENGTH characters of Sec-WebSocket-Accept for a key of ACCEPT_KEY characters; no zero behind. */
void accept_of(const char *key, char *accept);

#endif
