/* Handshakes: a tunnel that opens is closed at once, and begun anew. */
#include <string.h>

#include "histogram.h"
#include "load.h"
#include "tunnels.h"

static struct histogram handshakes;

static void begin(struct tunnel *tunnel) {
    tunnel->asked_at = now_ns();
    tunnels_begin(tunnel);
}

static void opened(struct tunnel *tunnel) {
    histogram_add(&handshakes, now_ns() - tunnel->asked_at);
    tunnels_close(tunnel);
    begin(tunnel);
}

static void ended(struct tunnel *tunnel, bool was_open) {
    (void)was_open;
    begin(tunnel);
}

static const struct behaviour RATE = {.target = "/echo", .opened = opened, .ended = ended};

void rate_run(void) {
    tunnels_prepare(options.port, options.tunnels, &RATE);
    for (int i = 0; i < options.tunnels; i++) {
        begin(&tunnels.all[i]);
    }
    tunnels_serve(now_ns() + nanoseconds(options.warm_up), NULL);
    memset(&handshakes, 0, sizeof handshakes);
    struct span span = span_begin();
    tunnels_serve(now_ns() + nanoseconds(options.seconds), NULL);
    span = span_end(span);
    report_begin("rate");
    report("per_second", (double)handshakes.count / span.seconds);
    report_cpu(span, (double)handshakes.count);
    report("p50_us", histogram_percentile_us(&handshakes, 0.5));
    report("p99_us", histogram_percentile_us(&handshakes, 0.99));
    report("resident_kib", (double)span.proxy.resident_kib);
    report_end();
}
