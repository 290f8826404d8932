/* One message, the same for all tunnels, and its echo. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "histogram.h"
#include "tunnels.h"

/* Makes it, of as many payload bytes as the options say. */
void message_prepare(void);

/* Sends it on an open tunnel that waits for none. */
void message_send(struct tunnel *tunnel);

/* Counts what came back; whether that was the rest of an echo, whose round trip is then in message_trips. */
bool message_came_back(struct tunnel *tunnel, size_t length);

extern struct histogram message_trips;

/* Percentiles of the round trips, and how many there were. */
void message_report(void);

#endif
