#define _GNU_SOURCE
#include "tunnels.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sockets.h"

enum { EVENTS = 512, READ_BYTES = 256 << 10, AT_A_TIME = 100, LOOK_MS = 10 };

static const uint64_t SECOND = 1000000000;
static const uint64_t PAUSE = 2000000;
static const uint64_t PATIENCE = 20000000000;
static const char SWITCHED[] = "HTTP/1.1 101 ";
static const char ANSWERED[] = "HTTP/1.1 200 ";
static const char UPGRADE[] = "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
static const char HEAD_END[] = "\r\n\r\n";

struct tunnels tunnels;

static int epoll;
static uint8_t input[READ_BYTES];

uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

void tunnels_prepare(uint16_t port, int count, const struct behaviour *behaviour) {
    epoll = epoll_create1(EPOLL_CLOEXEC);
    tunnels = (struct tunnels){
        .port = port, .count = count, .all = calloc((size_t)count, sizeof *tunnels.all), .behaviour = behaviour};
    if (epoll < 0 || tunnels.all == NULL) {
        perror("tunnels");
        exit(1);
    }
    for (int i = 0; i < count; i++) {
        tunnels.all[i].fd = -1;
    }
}

static void watch(struct tunnel *tunnel, uint32_t interest, int operation) {
    struct epoll_event event = {.events = interest, .data.ptr = tunnel};
    epoll_ctl(epoll, operation, tunnel->fd, &event);
}

void tunnels_watch_writable(struct tunnel *tunnel, bool wanted) {
    watch(tunnel, EPOLLIN | (wanted ? EPOLLOUT : 0), EPOLL_CTL_MOD);
}

void tunnels_watch_unread(struct tunnel *tunnel, bool writable) {
    watch(tunnel, writable ? EPOLLOUT : 0, EPOLL_CTL_MOD);
}

void tunnels_begin(struct tunnel *tunnel) {
    tunnel->open = tunnel->waiting = tunnel->echoed = tunnel->ending = false;
    tunnel->answer_seen = tunnel->end_seen = 0;
    tunnel->received = 0;
    tunnel->fd = sockets_connect(tunnels.port, tunnels.behaviour->small);
    if (tunnel->fd < 0) {
        tunnels.failed++;
        return;
    }
    watch(tunnel, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
}

void tunnels_close(struct tunnel *tunnel) {
    close(tunnel->fd);
    tunnel->fd = -1;
    tunnel->open = false;
}

/* The other side ended it, or broke it. */
static void ended(struct tunnel *tunnel) {
    bool was_open = tunnel->open;
    tunnels_close(tunnel);
    tunnels.failed += !was_open;
    tunnels.lost += was_open && !tunnel->ending;
    if (tunnels.behaviour->ended != NULL) {
        tunnels.behaviour->ended(tunnel, was_open);
    }
}

static void ask(struct tunnel *tunnel) {
    char head[256];
    int length = snprintf(
        head,
        sizeof head,
        "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
        tunnels.behaviour->target,
        tunnels.behaviour->plain ? "" : UPGRADE);
    tunnels_watch_writable(tunnel, false);
    if (send(tunnel->fd, head, (size_t)length, MSG_NOSIGNAL) != length) {
        ended(tunnel);
    }
}

/* Reads on in the answer's head; returns how many bytes belong to it, and -1 when it is not the one that is awaited. */
static ssize_t on_answer(struct tunnel *tunnel, const uint8_t *from, size_t length) {
    const char *status = tunnels.behaviour->plain ? ANSWERED : SWITCHED;
    size_t at = 0;
    while (at < length && tunnel->end_seen < sizeof HEAD_END - 1) {
        uint8_t byte = from[at++];
        if (tunnel->answer_seen < sizeof SWITCHED - 1 && byte != (uint8_t)status[tunnel->answer_seen++]) {
            return -1;
        }
        tunnel->end_seen = byte == (uint8_t)HEAD_END[tunnel->end_seen] ? tunnel->end_seen + 1 : byte == '\r';
    }
    return (ssize_t)at;
}

/* The first failure of a kind is worth reading; thousands of them are not. */
static void tell_once(const char *what, const uint8_t *bytes, size_t length) {
    static bool told;
    const uint8_t *end = memchr(bytes, '\r', length);
    if (!told) {
        told = true;
        fprintf(stderr, "%s: %.*s\n", what, (int)(end == NULL ? length : (size_t)(end - bytes)), (const char *)bytes);
    }
}

static void on_readable(struct tunnel *tunnel) {
    ssize_t length = recv(tunnel->fd, input, sizeof input, 0);
    if (length < 0 && errno == EAGAIN) {
        return;
    }
    ssize_t head = length > 0 && !tunnel->open ? on_answer(tunnel, input, (size_t)length) : 0;
    if (head < 0) {
        tell_once("another answer", input, (size_t)length);
    }
    if (length <= 0 || head < 0) {
        ended(tunnel);
        return;
    }
    if (!tunnel->open) {
        if (tunnel->end_seen < sizeof HEAD_END - 1) {
            return;
        }
        tunnel->open = true;
        tunnels.opened++;
        if (tunnels.behaviour->opened != NULL) {
            tunnels.behaviour->opened(tunnel);
        }
    }
    if (tunnel->open && length > head && tunnels.behaviour->received != NULL) {
        tunnels.behaviour->received(tunnel, input + head, (size_t)(length - head));
    }
}

static void on_event(struct tunnel *tunnel, uint32_t events) {
    bool broken = (events & (EPOLLERR | EPOLLHUP)) != 0;
    if ((events & EPOLLOUT) != 0 && !broken) {
        if (!tunnel->open) {
            ask(tunnel);
        } else if (tunnels.behaviour->writable != NULL) {
            tunnels.behaviour->writable(tunnel);
        }
    }
    if (tunnel->fd >= 0 && ((events & EPOLLIN) != 0 || broken)) {
        on_readable(tunnel);
    }
}

void tunnels_serve(uint64_t until, bool (*done)(void)) {
    struct epoll_event events[EVENTS];
    while (now_ns() < until && (done == NULL || !done())) {
        int count = epoll_wait(epoll, events, EVENTS, LOOK_MS);
        for (int i = 0; i < count; i++) {
            struct tunnel *tunnel = events[i].data.ptr;
            if (tunnel->fd >= 0) {
                on_event(tunnel, events[i].events);
            }
        }
    }
}

static bool all_decided(void) {
    return tunnels.opened + tunnels.failed >= (uint64_t)tunnels.count;
}

void tunnels_begin_all(void) {
    for (int i = 0; i < tunnels.count; i++) {
        tunnels_begin(&tunnels.all[i]);
        if (i % AT_A_TIME == AT_A_TIME - 1) {
            tunnels_serve(now_ns() + PAUSE, NULL);
        }
    }
    tunnels_serve(now_ns() + PATIENCE, all_decided);
    for (int i = 0; i < tunnels.count; i++) {
        if (tunnels.all[i].fd >= 0 && !tunnels.all[i].open) {
            tunnels_close(&tunnels.all[i]);
            tunnels.failed++;
        }
    }
}
