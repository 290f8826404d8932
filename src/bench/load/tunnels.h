/* The client's side of many tunnels, on one thread: connects, shakes hands, and hands on what comes. What is done with an
 * open tunnel is a behaviour's business. */
#ifndef TUNNELS_H
#define TUNNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stream; /* a behaviour's own */

struct tunnel {
    int fd; /* -1 where there is no connection */
    bool open;
    unsigned answer_seen; /* bytes of the answer's status line that were compared */
    unsigned end_seen;    /* bytes of the blank line behind the answer's head that were seen */
    uint64_t asked_at;    /* nanoseconds; when what is awaited was asked for */
    size_t received;      /* bytes of what is awaited, or, for a sender, sent ones */
    bool waiting;         /* for an echo */
    bool echoed;          /* at least once */
    bool ending;          /* its end was asked for here, and is no loss */
    struct stream *stream;
};

/* What happens on tunnels. Any may be NULL. */
struct behaviour {
    const char *target; /* of the handshake's request */
    bool plain;         /* asks for no upgrade: the tunnel is the answer's body */
    bool small;         /* its sockets have small buffers */
    void (*opened)(struct tunnel *tunnel);
    void (*received)(struct tunnel *tunnel, const uint8_t *bytes, size_t length);
    void (*writable)(struct tunnel *tunnel); /* asked for by tunnels_watch_writable */
    /* The connection is gone and closed; was_open tells a lost tunnel from a failed handshake. */
    void (*ended)(struct tunnel *tunnel, bool was_open);
};

struct tunnels {
    uint16_t port;
    int count;
    struct tunnel *all;
    const struct behaviour *behaviour;
    uint64_t opened;
    uint64_t failed; /* handshakes that came to nothing */
    uint64_t lost;   /* tunnels that ended though nobody here ended them */
};

/* The process has one. */
extern struct tunnels tunnels;

uint64_t now_ns(void);

void tunnels_prepare(uint16_t port, int count, const struct behaviour *behaviour);

/* Connects a tunnel that is not connected. */
void tunnels_begin(struct tunnel *tunnel);

/* Begins all, some at a time, and waits until each is open or failed; one without an answer for long has failed, too. */
void tunnels_begin_all(void);

/* Closes a tunnel from here; no callback follows. */
void tunnels_close(struct tunnel *tunnel);

/* Whether the behaviour is told when the tunnel takes bytes. */
void tunnels_watch_writable(struct tunnel *tunnel, bool wanted);

/* The same, of a tunnel that is not read: only its reset is noticed. */
void tunnels_watch_unread(struct tunnel *tunnel, bool writable);

/* Serves all tunnels until that time, or until done, which may be NULL, says so. */
void tunnels_serve(uint64_t until, bool (*done)(void));

#endif
