/* Tunnels whose sides both send and do not read, and plain answers that nobody reads: what is held for them. Then the client
 * reads. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "frame.h"
#include "load.h"
#include "sockets.h"
#include "tunnels.h"

/* The app's frames are of one size, their payload is zeros: a byte that is missing moves a head. */
enum { PAYLOAD = 16 << 10 };

static uint8_t expected[PAYLOAD + FRAME_HEAD_MOST];
static uint8_t upload[PAYLOAD + FRAME_HEAD_MOST];
static size_t expected_length;
static size_t upload_length;
static bool reading;
static uint64_t received_bytes;
static uint64_t mismatched; /* tunnels */
static int behind;          /* tunnels that have not given what is awaited */

static void opened(struct tunnel *tunnel) {
    tunnels_watch_unread(tunnel, !tunnels.behaviour->plain);
}

static void writable(struct tunnel *tunnel) {
    if (!reading) {
        ssize_t sent = send(tunnel->fd, upload, upload_length, MSG_NOSIGNAL);
        (void)sent; /* nobody reads it; a broken one is noticed where it is read */
    }
}

static void received(struct tunnel *tunnel, const uint8_t *bytes, size_t length) {
    size_t before = tunnel->received;
    for (size_t done = 0; done < length;) {
        size_t at = (before + done) % expected_length;
        size_t most = expected_length - at < length - done ? expected_length - at : length - done;
        if (memcmp(expected + at, bytes + done, most) != 0) {
            mismatched++;
            tunnels_close(tunnel);
            return;
        }
        done += most;
    }
    received_bytes += length;
    tunnel->received += length;
    if (before < options.size && tunnel->received >= options.size) {
        behind--;
        tunnels_close(tunnel); /* what the kernel held for it is for those behind it */
    }
}

static bool all_caught_up(void) {
    return behind <= 0;
}

static const struct behaviour FULL = {.target = "/full", .small = true, .opened = opened, .received = received, .writable = writable};

static const struct behaviour UNREAD = {.target = "/endless", .plain = true, .small = true, .opened = opened, .received = received};

static void run(const char *mode, const struct behaviour *behaviour) {
    expected_length = frame_write(expected, FRAME_BINARY, PAYLOAD, false) + PAYLOAD;
    upload_length = frame_write(upload, FRAME_BINARY, PAYLOAD, true) + PAYLOAD;
    tunnels_prepare(options.port, options.tunnels, behaviour);
    struct span before = span_at_rest();
    tunnels_begin_all();
    fprintf(stderr, "open: %d\n", (int)tunnels.opened);
    tunnels_serve(now_ns() + nanoseconds(options.seconds), NULL);
    struct span full = span_begin();
    fprintf(stderr, "full: %d lost\n", (int)tunnels.lost);

    reading = true;
    for (int i = 0; i < tunnels.count; i++) {
        if (tunnels.all[i].open) {
            behind++;
            sockets_large_buffer(tunnels.all[i].fd);
            tunnels_watch_writable(&tunnels.all[i], false);
        }
    }
    tunnels_serve(now_ns() + nanoseconds(90), all_caught_up);

    report_begin(mode);
    report("resident_before_kib", (double)before.proxy.resident_kib);
    report("resident_kib", (double)full.proxy.resident_kib);
    report("kib_per_tunnel", (double)(full.proxy.resident_kib - before.proxy.resident_kib) / (double)options.tunnels);
    report("received_mb", (double)received_bytes / 1e6);
    report("mismatched", (double)mismatched);
    report("behind", behind);
    report_end();
    tunnels.lost += mismatched;
}

void full_run(void) {
    run("full", &FULL);
}

void unread_run(void) {
    run("unread", &UNREAD);
}
