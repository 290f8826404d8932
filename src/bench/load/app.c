/* tunnel-app: the app behind the proxies. One thread, epoll, loopback.
 *   tunnel-app PORT [small]      with small: its sockets' buffers are
 * GET /echo   WebSocket: each frame comes back unmasked, its payload as it was; a Close is answered and the stream ended
 * GET /down   WebSocket: frames of 16 KiB for as long as the tunnel takes them
 * GET /up     WebSocket: reads and drops
 * GET /full   WebSocket: as /down, and reads nothing
 * GET /endless  an answer without end, as /full behind its head
 * Any other request without Upgrade is answered with 200 and two bytes, on a connection that is kept.
 * It is there to cost little: clients mask with zeros, and use the sample key of RFC 6455 §1.3, whose answer is known. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "accept.h"
#include "bytes.h"
#include "frame.h"
#include "sockets.h"

enum { EVENTS = 256, READ_BYTES = 256 << 10, BULK_PAYLOAD = 16 << 10, BULK_FRAMES = 4, BULK_ROUNDS = 16 };

static const char SWITCHED[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                               "Sec-WebSocket-Accept: ";
static const char SAMPLE_KEY[] = "dGhlIHNhbXBsZSBub25jZQ==";
static const char SAMPLE_ACCEPT[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
static const char KEY_FIELD[] = "\nsec-websocket-key: ";
static const char HEAD_END[] = "\r\n\r\n";
static const char ANSWER[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
static const char ENDLESS[] = "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999\r\n\r\n";

enum speech { HTTP, ECHO, DOWN, UP, FULL };

struct connection {
    int fd;
    enum speech speech;
    uint32_t interest;   /* what epoll was asked for */
    struct bytes kept;   /* the beginning of a head or of a frame */
    struct bytes queued; /* what the socket did not take */
    size_t bulk_at;      /* DOWN: how much of the bulk's current round is out */
    bool ending;         /* closes when the queue is empty */
};

static int epoll;
static uint8_t bulk[BULK_FRAMES * (BULK_PAYLOAD + FRAME_HEAD_MOST)];
static size_t bulk_length;
static uint8_t input[READ_BYTES];
static struct bytes output; /* what one event's input is answered with, for all connections in turn */

static void fill_bulk(void) {
    for (int i = 0; i < BULK_FRAMES; i++) {
        bulk_length += frame_write(bulk + bulk_length, FRAME_BINARY, BULK_PAYLOAD, false) + BULK_PAYLOAD;
    }
}

static void watch(struct connection *connection, uint32_t interest, int operation) {
    if (operation == EPOLL_CTL_ADD || connection->interest != interest) {
        connection->interest = interest;
        struct epoll_event event = {.events = interest, .data.ptr = connection};
        epoll_ctl(epoll, operation, connection->fd, &event);
    }
}

static void drop(struct connection *connection) {
    close(connection->fd);
    bytes_free(&connection->kept);
    bytes_free(&connection->queued);
    free(connection);
}

static void accept_all(int listener) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        sockets_no_delay(fd);
        struct connection *connection = calloc(1, sizeof *connection);
        if (connection == NULL) {
            close(fd);
            return;
        }
        connection->fd = fd;
        watch(connection, EPOLLIN, EPOLL_CTL_ADD);
    }
}

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

static enum speech speech_of(const char *head) {
    static const struct {
        const char *begin;
        enum speech speech;
    } TARGETS[] = {{"GET /down ", DOWN}, {"GET /up ", UP}, {"GET /full ", FULL}};
    for (size_t i = 0; i < sizeof TARGETS / sizeof TARGETS[0]; i++) {
        if (begins(head, TARGETS[i].begin)) {
            return TARGETS[i].speech;
        }
    }
    return ECHO;
}

/* The 101 to a request's head. */
static void put_switched(const char *head) {
    const char *field = strcasestr(head, KEY_FIELD);
    const char *key = field == NULL ? "" : field + sizeof KEY_FIELD - 1;
    char accept[ACCEPT_LENGTH];
    if (strncmp(key, SAMPLE_KEY, ACCEPT_KEY) == 0 || strlen(key) < ACCEPT_KEY) {
        memcpy(accept, SAMPLE_ACCEPT, ACCEPT_LENGTH);
    } else {
        accept_of(key, accept);
    }
    bytes_put(&output, SWITCHED, sizeof SWITCHED - 1);
    bytes_put(&output, accept, ACCEPT_LENGTH);
    bytes_put(&output, HEAD_END, sizeof HEAD_END - 1);
}

static bool pours(const struct connection *connection) {
    return connection->speech == DOWN || connection->speech == FULL;
}

/* Answers one request; returns how many bytes it took, 0 while its head is not complete. */
static size_t on_http(struct connection *connection, const uint8_t *from, size_t length) {
    const uint8_t *end = memmem(from, length, HEAD_END, sizeof HEAD_END - 1);
    if (end == NULL) {
        return 0;
    }
    size_t head = (size_t)(end - from) + sizeof HEAD_END - 1;
    char text[head + 1];
    memcpy(text, from, head);
    text[head] = 0;
    if (begins(text, "GET /endless ")) {
        connection->speech = FULL;
        bytes_put(&output, ENDLESS, sizeof ENDLESS - 1);
    } else if (strcasestr(text, "\nupgrade:") == NULL) {
        bytes_put(&output, ANSWER, sizeof ANSWER - 1);
    } else {
        connection->speech = speech_of(text);
        put_switched(text);
    }
    return head;
}

/* Answers one frame; returns how many bytes it took, 0 while it is not complete. */
static size_t on_frame(struct connection *connection, const uint8_t *from, size_t length) {
    struct frame frame;
    if (!frame_read(from, length, &frame) || length - frame.head < frame.payload) {
        return 0;
    }
    uint8_t head[FRAME_HEAD_MOST];
    bytes_put(&output, head, frame_write(head, frame.opcode, frame.payload, false));
    bytes_put(&output, from + frame.head, frame.payload);
    connection->ending |= frame.opcode == FRAME_CLOSE;
    return frame.head + frame.payload;
}

/* Answers all that is complete; returns how many bytes that was. */
static size_t on_bytes(struct connection *connection, const uint8_t *from, size_t length) {
    size_t done = 0;
    while (done < length) {
        size_t taken = connection->speech == HTTP   ? on_http(connection, from + done, length - done)
                       : connection->speech == ECHO ? on_frame(connection, from + done, length - done)
                                                    : length - done;
        if (taken == 0) {
            break;
        }
        done += taken;
    }
    return done;
}

/* Reads once and answers; false when the connection is broken. */
static bool on_readable(struct connection *connection) {
    ssize_t length = recv(connection->fd, input, sizeof input, 0);
    if (length < 0) {
        return errno == EAGAIN;
    }
    connection->ending |= length == 0;
    if (connection->kept.length == 0) {
        size_t done = on_bytes(connection, input, (size_t)length);
        bytes_put(&connection->kept, input + done, (size_t)length - done);
    } else {
        bytes_put(&connection->kept, input, (size_t)length);
        bytes_drop(&connection->kept, on_bytes(connection, connection->kept.at, connection->kept.length));
    }
    if (connection->kept.length == 0) {
        bytes_free(&connection->kept);
    }
    return true;
}

/* Sends; what the socket does not take is left, and counted in *done. False when the connection is broken. */
static bool send_some(int fd, const uint8_t *from, size_t length, size_t *done) {
    *done = 0;
    while (*done < length) {
        ssize_t sent = send(fd, from + *done, length - *done, MSG_NOSIGNAL);
        if (sent < 0) {
            return errno == EAGAIN;
        }
        *done += (size_t)sent;
    }
    return true;
}

/* Sends this event's output, behind what is queued already, and queues what is left of both. */
static bool flush(struct connection *connection) {
    size_t done = 0;
    if (connection->queued.length > 0) {
        bytes_put(&connection->queued, output.at, output.length);
        if (!send_some(connection->fd, connection->queued.at, connection->queued.length, &done)) {
            return false;
        }
        bytes_drop(&connection->queued, done);
    } else {
        if (!send_some(connection->fd, output.at, output.length, &done)) {
            return false;
        }
        bytes_put(&connection->queued, output.at + done, output.length - done);
    }
    if (connection->queued.length == 0) {
        bytes_free(&connection->queued);
    }
    return true;
}

/* Sends the bulk some times over, or until the socket takes no more; the other connections want their turn, too. */
static bool pour(struct connection *connection) {
    for (int round = 0; round < BULK_ROUNDS; round++) {
        size_t done;
        if (!send_some(connection->fd, bulk + connection->bulk_at, bulk_length - connection->bulk_at, &done)) {
            return false;
        }
        connection->bulk_at = (connection->bulk_at + done) % bulk_length;
        if (done == 0 || connection->bulk_at != 0) {
            break;
        }
    }
    return true;
}

static void on_event(struct connection *connection, uint32_t events) {
    output.length = 0;
    bool whole = (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0 || on_readable(connection);
    whole = whole && flush(connection);
    bool full = connection->queued.length > 0;
    if (whole && pours(connection) && !full) {
        whole = pour(connection);
    }
    if (!whole || (connection->ending && !full)) {
        drop(connection);
    } else { /* who does not read gets no more read from */
        bool reading = connection->speech == FULL ? false : connection->speech == DOWN || !full;
        watch(connection, (reading ? EPOLLIN : 0) | (full || pours(connection) ? EPOLLOUT : 0), EPOLL_CTL_MOD);
    }
}

int main(int argc, char **argv) {
    bool small = argc == 3 && strcmp(argv[2], "small") == 0;
    if (argc != 2 && !small) {
        fprintf(stderr, "usage: tunnel-app PORT [small]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    sockets_allow_many();
    fill_bulk();
    epoll = epoll_create1(EPOLL_CLOEXEC);
    int listener = sockets_listen((uint16_t)atoi(argv[1]));
    if (small) {
        sockets_small_buffers(listener);
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == NULL) {
                accept_all(listener);
            } else {
                on_event(events[i].data.ptr, events[i].events);
            }
        }
    }
}
