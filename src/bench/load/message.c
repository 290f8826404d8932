#include "message.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "frame.h"
#include "load.h"

struct histogram message_trips;

static uint8_t *message;
static size_t message_length;
static size_t echo_length;

void message_prepare(void) {
    uint8_t unused[FRAME_HEAD_MOST];
    message = calloc(1, FRAME_HEAD_MOST + options.size);
    if (message == NULL) {
        perror("memory");
        exit(1);
    }
    message_length = frame_write(message, FRAME_BINARY, options.size, true) + options.size;
    echo_length = frame_write(unused, FRAME_BINARY, options.size, false) + options.size;
}

void message_send(struct tunnel *tunnel) {
    tunnel->received = 0;
    tunnel->waiting = true;
    tunnel->asked_at = now_ns();
    if (send(tunnel->fd, message, message_length, MSG_NOSIGNAL) != (ssize_t)message_length) {
        tunnels.lost++; /* nothing else is on its way: the socket has room, unless it is broken */
        tunnels_close(tunnel);
    }
}

bool message_came_back(struct tunnel *tunnel, size_t length) {
    if (!tunnel->waiting) { /* nobody asked: whatever this is, it belongs into no tunnel */
        tunnels.lost++;
        tunnels_close(tunnel);
        return false;
    }
    tunnel->received += length;
    if (tunnel->received < echo_length) {
        return false;
    }
    histogram_add(&message_trips, now_ns() - tunnel->asked_at);
    tunnel->waiting = false;
    tunnel->echoed = true;
    return true;
}

void message_report(void) {
    report("messages", (double)message_trips.count);
    report("p50_us", histogram_percentile_us(&message_trips, 0.5));
    report("p90_us", histogram_percentile_us(&message_trips, 0.9));
    report("p99_us", histogram_percentile_us(&message_trips, 0.99));
    report("p999_us", histogram_percentile_us(&message_trips, 0.999));
}
