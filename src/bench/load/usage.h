/* What processes have used, from /proc/PID/stat: the CPU time of all their threads, and their resident memory. */
#ifndef USAGE_H
#define USAGE_H

struct usage {
    double cpu_seconds; /* user and system; the kernel tells it in steps of 10 ms */
    long resident_kib;
};

/* Of all processes in a list such as "12,345" together; zeros where the list is NULL. Ends the program where one of them
 * does not live: a measurement without it would be wrong. */
struct usage usage_of(const char *pids);

#endif
