/* Many tunnels at once: what each costs while nothing happens, and what a message costs beside so many others. */
#include <stdio.h>

#include "load.h"
#include "message.h"

static int cursor;
static int silent; /* tunnels that had no message yet */

/* The next tunnel in turn that waits for nothing gets a message. */
static void send_to_next(void) {
    for (int i = 0; i < tunnels.count; i++) {
        struct tunnel *tunnel = &tunnels.all[cursor];
        cursor = (cursor + 1) % tunnels.count;
        if (tunnel->open && !tunnel->waiting) {
            message_send(tunnel);
            return;
        }
    }
}

static void received(struct tunnel *tunnel, const uint8_t *bytes, size_t length) {
    (void)bytes;
    bool first = !tunnel->echoed;
    if (message_came_back(tunnel, length)) {
        silent -= first;
        send_to_next();
    }
}

static bool all_spoke(void) {
    return silent <= 0;
}

static const struct behaviour HOLD = {.target = "/echo", .received = received};

static double kib_each(struct span now, struct span before) {
    return (double)(now.proxy.resident_kib - before.proxy.resident_kib) / (double)tunnels.opened;
}

void hold_run(void) {
    message_prepare();
    tunnels_prepare(options.port, options.tunnels, &HOLD);
    struct span before = span_at_rest();
    tunnels_begin_all();
    struct span opening = span_end(before);
    fprintf(stderr, "open: %d\n", (int)tunnels.opened); /* for whoever looks at the proxy meanwhile */
    tunnels_serve(now_ns() + nanoseconds(options.warm_up), NULL);
    struct span idle = span_begin();

    silent = (int)tunnels.opened;
    for (int i = 0; i < options.window && i < silent; i++) {
        send_to_next();
    }
    tunnels_serve(now_ns() + nanoseconds(30), all_spoke);
    struct span speaking = span_begin();
    uint64_t counted = message_trips.count;
    tunnels_serve(now_ns() + nanoseconds(options.seconds), NULL);
    speaking = span_end(speaking);

    report_begin("hold");
    report("silent", silent);
    report("opening_cpu_us", opening.proxy.cpu_seconds * 1e6 / (double)tunnels.opened);
    report("resident_before_kib", (double)before.proxy.resident_kib);
    report("resident_kib", (double)idle.proxy.resident_kib);
    report("kib_per_tunnel", kib_each(idle, before));
    report("kib_per_tunnel_after_messages", kib_each(speaking, before));
    report("per_second", (double)(message_trips.count - counted) / speaking.seconds);
    report_cpu(speaking, (double)(message_trips.count - counted));
    message_report();
    report_end();
    tunnels.lost += (uint64_t)(silent > 0 ? silent : 0);
}
