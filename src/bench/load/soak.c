/* A life as in production, for long: tunnels that say something now and then, end in every way and are opened anew. Every
 * byte that comes back is held against what was sent. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "load.h"
#include "sockets.h"
#include "stream.h"
#include "tunnels.h"

enum { MOST_BITS = 16, CLOSE_PAYLOAD = 2, TRIES = 50 };

static const double TICK = 0.01;
static const double PATIENCE = 30;

static uint64_t state = 1;
static struct {
    double messages;
    double bytes; /* of payload, each of which went there and came back */
    double closed;
    double half_closed;
    double reset;
    double mismatched; /* tunnels that brought back something else than was sent */
    double truncated;  /* tunnels whose end came before all of that */
    double stuck;      /* tunnels that brought nothing for half a minute */
} seen;

static void opened(struct tunnel *tunnel) {
    if (tunnel->stream == NULL && (tunnel->stream = calloc(1, sizeof *tunnel->stream)) == NULL) {
        perror("memory");
        exit(1);
    }
    stream_begin(tunnel->stream, stream_random(&state));
}

static void writable(struct tunnel *tunnel) {
    struct stream *stream = tunnel->stream;
    ssize_t sent = send(tunnel->fd, stream->out.at, stream->out.length, MSG_NOSIGNAL);
    if (sent > 0) {
        bytes_drop(&stream->out, (size_t)sent);
    } else if (errno != EAGAIN) {
        return; /* broken, which is noticed where it is read */
    }
    bool all = stream->out.length == 0;
    tunnels_watch_writable(tunnel, !all);
    if (all) {
        bytes_free(&stream->out);
        if (stream->end_behind) {
            shutdown(tunnel->fd, SHUT_WR);
        }
    }
}

static void say(struct tunnel *tunnel, unsigned opcode, size_t payload) {
    stream_put(tunnel->stream, opcode, payload);
    tunnel->waiting = true;
    tunnel->asked_at = now_ns();
    seen.messages++;
    seen.bytes += (double)payload;
    writable(tunnel);
}

static void received(struct tunnel *tunnel, const uint8_t *bytes, size_t length) {
    struct stream *stream = tunnel->stream;
    stream_hear(stream, bytes, length);
    if (tunnel->waiting && stream_complete(stream)) {
        tunnel->waiting = false;
        if (!stream_matches(stream)) {
            seen.mismatched++;
            fprintf(stderr, "other bytes came back than were sent, among the first %.0f\n", (double)stream->heard);
            stream_begin(stream, stream_random(&state));
        }
    }
}

static void ended(struct tunnel *tunnel, bool was_open) {
    seen.truncated += was_open && tunnel->ending && !stream_matches(tunnel->stream);
}

static const struct behaviour SOAK = {
    .target = "/echo", .opened = opened, .received = received, .writable = writable, .ended = ended};

/* Small ones and large ones, each power of two as often. */
static size_t some_size(void) {
    uint64_t bits = stream_random(&state) % (MOST_BITS + 1);
    return 1 + stream_random(&state) % (1ULL << bits);
}

/* One that is open and waits for nothing, or NULL where there seems to be none. */
static struct tunnel *some_idle(void) {
    for (int i = 0; i < TRIES; i++) {
        struct tunnel *tunnel = &tunnels.all[stream_random(&state) % (uint64_t)tunnels.count];
        if (tunnel->open && !tunnel->waiting && !tunnel->ending) {
            return tunnel;
        }
    }
    return NULL;
}

/* With a message on its way that must still come back whole, our direction ends. */
static void half_close(struct tunnel *tunnel) {
    seen.half_closed++;
    tunnel->ending = true;
    tunnel->stream->end_behind = true;
    say(tunnel, FRAME_BINARY, some_size());
}

static void end_somehow(struct tunnel *tunnel) {
    switch (stream_random(&state) % 3) {
    case 0: /* as WebSockets end: the app closes */
        seen.closed++;
        tunnel->ending = true;
        say(tunnel, FRAME_CLOSE, CLOSE_PAYLOAD);
        break;
    case 1:
        half_close(tunnel);
        break;
    default: /* with a message on its way, whose fate is open */
        seen.reset++;
        say(tunnel, FRAME_BINARY, some_size());
        sockets_close_with_reset(tunnel->fd);
        tunnels_close(tunnel);
    }
}

static void look_after(double seconds) {
    uint64_t now = now_ns();
    for (int i = 0; i < tunnels.count; i++) {
        struct tunnel *tunnel = &tunnels.all[i];
        if (tunnel->fd < 0) {
            tunnels_begin(tunnel);
        } else if (tunnel->waiting && now - tunnel->asked_at > nanoseconds(seconds)) {
            seen.stuck++;
            tunnels_close(tunnel);
        }
    }
}

static bool all_idle(void) {
    for (int i = 0; i < tunnels.count; i++) {
        if (tunnels.all[i].open && tunnels.all[i].waiting) {
            return false;
        }
    }
    return true;
}

static bool all_gone(void) {
    for (int i = 0; i < tunnels.count; i++) {
        if (tunnels.all[i].fd >= 0) {
            return false;
        }
    }
    return true;
}

static void end_all(void) {
    tunnels_serve(now_ns() + nanoseconds(PATIENCE), all_idle);
    for (int i = 0; i < tunnels.count; i++) {
        if (tunnels.all[i].open && !tunnels.all[i].ending) {
            half_close(&tunnels.all[i]);
        }
    }
    tunnels_serve(now_ns() + nanoseconds(PATIENCE), all_gone);
    for (int i = 0; i < tunnels.count; i++) {
        seen.stuck += tunnels.all[i].fd >= 0;
    }
}

void soak_run(void) {
    tunnels_prepare(options.port, options.tunnels, &SOAK);
    tunnels_begin_all();
    struct span span = span_begin();
    uint64_t began = now_ns();
    double ends = 0;
    for (double time = 0; time < options.seconds; time = (double)(now_ns() - began) / 1e9) {
        struct tunnel *tunnel;
        while (ends < time * options.churn * tunnels.count && (tunnel = some_idle()) != NULL) {
            ends++;
            end_somehow(tunnel);
        }
        while (seen.messages < time * options.rate && (tunnel = some_idle()) != NULL) {
            say(tunnel, FRAME_BINARY, some_size());
        }
        look_after(PATIENCE);
        tunnels_serve(now_ns() + nanoseconds(TICK), NULL);
    }
    span = span_end(span);
    end_all();
    report_begin("soak");
    report("seconds", span.seconds);
    report("messages", seen.messages);
    report("payload_bytes", seen.bytes);
    report("closed", seen.closed);
    report("half_closed", seen.half_closed);
    report("reset", seen.reset);
    report("mismatched", seen.mismatched);
    report("truncated", seen.truncated);
    report("stuck", seen.stuck);
    report_cpu(span, seen.messages);
    report_end();
    tunnels.lost += (uint64_t)(seen.mismatched + seen.truncated + seen.stuck);
}
