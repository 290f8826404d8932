/* tunnel-load: load on a proxy, and what it cost. One thread, epoll, loopback.
 *   tunnel-load MODE PORT [--tunnels N] [--seconds S] [--warm-up S] [--size BYTES] [--window N] [--rate N] [--churn SHARE]
 *               [--proxy PID,PID…] [--app PID,PID…]
 * echo   each tunnel sends a message, waits for it to come back, and again: round trips
 * rate   opens and closes, N at a time: handshakes
 * hold   opens N and leaves them be: memory of an idle tunnel; then messages on one after the other, a window at a time
 * down   the app sends as fast as it can       up   the client does
 * full   both sides send as fast as it goes and neither reads: what is held; then the client reads, and each byte is checked
 * unread plain answers without end that the client does not read; then it does
 * soak   messages of all sizes at some rate, tunnels ended in every way and opened anew: each byte is checked
 * The processes are those whose CPU time and memory are read. Prints one line of JSON; ends with 1 where a handshake failed or
 * a tunnel was lost. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "load.h"
#include "sockets.h"
#include "tunnels.h"

/* A server that has started takes so long at the most until it has given back what only its start needed. */
#define REST_SECONDS 2

struct options options = {.tunnels = 1, .seconds = 2, .warm_up = 0.5, .size = 64, .window = 64, .rate = 2000, .churn = 0.01};

static const struct {
    const char *name;
    void (*run)(void);
} MODES[] = {
    {"echo", echo_run}, {"rate", rate_run}, {"hold", hold_run},     {"down", down_run},
    {"up", up_run},     {"full", full_run}, {"unread", unread_run}, {"soak", soak_run},
};

static const struct option NAMES[] = {
    {"tunnels", required_argument, NULL, 't'},
    {"seconds", required_argument, NULL, 's'},
    {"warm-up", required_argument, NULL, 'u'},
    {"size", required_argument, NULL, 'b'},
    {"window", required_argument, NULL, 'w'},
    {"rate", required_argument, NULL, 'r'},
    {"churn", required_argument, NULL, 'c'},
    {"proxy", required_argument, NULL, 'p'},
    {"app", required_argument, NULL, 'a'},
    {NULL, 0, NULL, 0}};

static void usage_and_exit(void) {
    fprintf(stderr, "usage: tunnel-load echo|rate|hold|down|up|full|unread|soak PORT [OPTIONS]\n");
    exit(2);
}

static void read_option(int letter) {
    switch (letter) {
    case 't':
        options.tunnels = atoi(optarg);
        break;
    case 's':
        options.seconds = atof(optarg);
        break;
    case 'u':
        options.warm_up = atof(optarg);
        break;
    case 'b':
        options.size = (size_t)atol(optarg);
        break;
    case 'w':
        options.window = atoi(optarg);
        break;
    case 'r':
        options.rate = atof(optarg);
        break;
    case 'c':
        options.churn = atof(optarg);
        break;
    case 'p':
        options.proxy = optarg;
        break;
    case 'a':
        options.app = optarg;
        break;
    default:
        usage_and_exit();
    }
}

uint64_t nanoseconds(double seconds) {
    return (uint64_t)(seconds * 1e9);
}

static double own_cpu_seconds(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
           + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

struct span span_at_rest(void) {
    sleep(REST_SECONDS);
    return span_begin();
}

struct span span_begin(void) {
    return (struct span){
        .proxy = usage_of(options.proxy),
        .app = usage_of(options.app),
        .load_cpu_seconds = own_cpu_seconds(),
        .seconds = (double)now_ns() / 1e9};
}

struct span span_end(struct span begin) {
    struct span end = span_begin();
    end.seconds -= begin.seconds;
    end.proxy.cpu_seconds -= begin.proxy.cpu_seconds;
    end.app.cpu_seconds -= begin.app.cpu_seconds;
    end.load_cpu_seconds -= begin.load_cpu_seconds;
    return end;
}

void report_begin(const char *mode) {
    printf("{\"mode\":\"%s\"", mode);
    report("tunnels", tunnels.count);
    report("opened", (double)tunnels.opened);
    report("failed", (double)tunnels.failed);
    report("lost", (double)tunnels.lost);
}

void report(const char *field, double value) {
    printf(",\"%s\":%.10g", field, value);
}

static double each_us(double seconds, double units) {
    return units > 0 ? seconds * 1e6 / units : 0;
}

void report_cpu(struct span span, double units) {
    report("proxy_cpu_us", each_us(span.proxy.cpu_seconds, units));
    report("app_cpu_us", each_us(span.app.cpu_seconds, units));
    report("load_cpu_us", each_us(span.load_cpu_seconds, units));
}

void report_end(void) {
    printf("}\n");
}

int main(int argc, char **argv) {
    void (*run)(void) = NULL;
    int letter;
    while ((letter = getopt_long(argc, argv, "", NAMES, NULL)) >= 0) {
        read_option(letter);
    }
    if (argc - optind != 2 || options.tunnels < 1 || options.size < 1) {
        usage_and_exit();
    }
    for (size_t i = 0; i < sizeof MODES / sizeof MODES[0]; i++) {
        if (strcmp(argv[optind], MODES[i].name) == 0) {
            run = MODES[i].run;
        }
    }
    if (run == NULL) {
        usage_and_exit();
    }
    options.port = (uint16_t)atoi(argv[optind + 1]);
    sockets_allow_many();
    run();
    return tunnels.lost > 0 || tunnels.failed > 0;
}
