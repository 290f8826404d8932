#include "histogram.h"

enum { STEP_BITS = 5 };

void histogram_add(struct histogram *histogram, uint64_t nanoseconds) {
    int power = 63 - __builtin_clzll(nanoseconds | 1);
    uint64_t step = power >= STEP_BITS ? (nanoseconds >> (power - STEP_BITS)) % HISTOGRAM_STEPS : 0;
    histogram->buckets[(uint64_t)power * HISTOGRAM_STEPS + step]++;
    histogram->count++;
}

/* The upper end of a bucket. */
static double bucket_us(int bucket) {
    int power = bucket / HISTOGRAM_STEPS;
    uint64_t width = power >= STEP_BITS ? 1ULL << (power - STEP_BITS) : 1;
    return (double)((1ULL << power) + (uint64_t)(bucket % HISTOGRAM_STEPS + 1) * width) / 1000;
}

double histogram_percentile_us(const struct histogram *histogram, double share) {
    uint64_t seen = 0;
    for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (seen > 0 && (double)seen >= share * (double)histogram->count) {
            return bucket_us(i);
        }
    }
    return 0;
}
