/* What the modes of tunnel-load have in common: how they are told what to do, and how they say what they saw. */
#ifndef LOAD_H
#define LOAD_H

#include <stddef.h>
#include <stdint.h>

#include "usage.h"

struct options {
    uint16_t port;
    int tunnels;
    double seconds; /* that are measured */
    double warm_up; /* seconds before that, which are not */
    size_t size;    /* of a message's payload, bytes */
    int window;     /* hold: messages under way at once */
    double rate;    /* soak: messages a second, all tunnels together */
    double churn;   /* soak: share of the tunnels that end in a second */
    const char *proxy; /* process ids, comma-separated, or NULL */
    const char *app;
};

extern struct options options;

/* Each returns when its time is over and its report is printed. */
void echo_run(void);
void rate_run(void);
void hold_run(void);
void down_run(void);
void up_run(void);
void full_run(void);
void unread_run(void);
void soak_run(void);

uint64_t nanoseconds(double seconds);

/* A span of time and what was used in it by the proxy, by the app, and by this program. */
struct span {
    double seconds;
    struct usage proxy;
    struct usage app;
    double load_cpu_seconds;
};

struct span span_begin(void);
/* The same, when a proxy that was just started is at rest: its memory then is what it has without tunnels. */
struct span span_at_rest(void);

/* What it came to; the resident memory is that at its end. */
struct span span_end(struct span begin);

/* The report: one line of JSON, begun with the mode's name, the tunnels' counts among its fields. */
void report_begin(const char *mode);
void report(const char *field, double value);

/* CPU time for each unit of work, in microseconds, as proxy_cpu_us, app_cpu_us and load_cpu_us. */
void report_cpu(struct span span, double units);
void report_end(void);

#endif
