/* Durations, counted in 32 steps for each power of two: a percentile is right to about 3 %. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_STEPS = 32, HISTOGRAM_BUCKETS = 64 * HISTOGRAM_STEPS };

struct histogram {
    uint64_t count;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *histogram, uint64_t nanoseconds);

/* The duration, in microseconds, that a share of all, from 0 to 1, does not exceed; 0 where there is none. */
double histogram_percentile_us(const struct histogram *histogram, double share);

#endif
