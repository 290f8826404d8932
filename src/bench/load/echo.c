/* Round trips: each tunnel has one message under way. */
#include <string.h>

#include "load.h"
#include "message.h"

static void received(struct tunnel *tunnel, const uint8_t *bytes, size_t length) {
    (void)bytes;
    if (message_came_back(tunnel, length)) {
        message_send(tunnel);
    }
}

static const struct behaviour ECHO = {.target = "/echo", .opened = message_send, .received = received};

void echo_run(void) {
    message_prepare();
    tunnels_prepare(options.port, options.tunnels, &ECHO);
    tunnels_begin_all();
    tunnels_serve(now_ns() + nanoseconds(options.warm_up), NULL);
    memset(&message_trips, 0, sizeof message_trips);
    struct span span = span_begin();
    tunnels_serve(now_ns() + nanoseconds(options.seconds), NULL);
    span = span_end(span);
    report_begin("echo");
    report("size", (double)options.size);
    report("per_second", (double)message_trips.count / span.seconds);
    report_cpu(span, (double)message_trips.count);
    message_report();
    report("resident_kib", (double)span.proxy.resident_kib);
    report_end();
}
