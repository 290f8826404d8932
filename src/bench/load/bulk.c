/* As many bytes as go through, one way. */
#include <errno.h>
#include <sys/socket.h>

#include "frame.h"
#include "load.h"
#include "tunnels.h"

enum { PAYLOAD = 16 << 10, FRAMES = 8 };

static uint64_t bytes_moved;
static uint8_t upload[FRAMES * (PAYLOAD + FRAME_HEAD_MOST)];
static size_t upload_length;

static void received(struct tunnel *tunnel, const uint8_t *bytes, size_t length) {
    (void)tunnel;
    (void)bytes;
    bytes_moved += length;
}

static void opened_upwards(struct tunnel *tunnel) {
    tunnels_watch_writable(tunnel, true);
}

static void writable(struct tunnel *tunnel) {
    ssize_t sent = send(tunnel->fd, upload + tunnel->received, upload_length - tunnel->received, MSG_NOSIGNAL);
    if (sent > 0) {
        bytes_moved += (uint64_t)sent;
        tunnel->received = (tunnel->received + (size_t)sent) % upload_length;
    } /* a broken one is noticed where it is read */
}

static const struct behaviour DOWN = {.target = "/down", .received = received};
static const struct behaviour UP = {.target = "/up", .opened = opened_upwards, .writable = writable};

static void run(const char *mode, const struct behaviour *behaviour) {
    tunnels_prepare(options.port, options.tunnels, behaviour);
    tunnels_begin_all();
    tunnels_serve(now_ns() + nanoseconds(options.warm_up), NULL);
    bytes_moved = 0;
    struct span span = span_begin();
    tunnels_serve(now_ns() + nanoseconds(options.seconds), NULL);
    span = span_end(span);
    double megabytes = (double)bytes_moved / 1e6;
    report_begin(mode);
    report("per_second", megabytes / span.seconds);
    report_cpu(span, megabytes); /* microseconds for a megabyte are milliseconds for a gigabyte */
    report("resident_kib", (double)span.proxy.resident_kib);
    report_end();
}

void down_run(void) {
    run("down", &DOWN);
}

void up_run(void) {
    for (int i = 0; i < FRAMES; i++) {
        upload_length += frame_write(upload + upload_length, FRAME_BINARY, PAYLOAD, true) + PAYLOAD;
    }
    run("up", &UP);
}
