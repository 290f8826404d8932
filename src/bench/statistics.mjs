/** The middle one; of an even number, the mean of the two in the middle. Undefined for none. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : sorted.length ? (sorted[middle - 1] + sorted[middle]) / 2 : undefined;
}

/** What a share of all, from 0 to 1, does not exceed: the nearest rank, so one that was seen. Undefined for none. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil(share * sorted.length), 1) - 1];
}

/** Median, least and most. */
export function spread(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * How many times as much as `others`, as the median over the rounds: what slows a whole round down is in both of its
 * measurements, and drops out.
 */
export function ratio(values, others) {
  return median(values.map((value, round) => value / others[round]).filter(Number.isFinite));
}

/** By how much `y` grows with each one of `x`: the median of the slopes of all pairs (Theil and Sen), so that single peaks do not count. */
export function slope(points) {
  return median(points.flatMap(([x, y], i) => points.slice(i + 1).map(([u, v]) => (v - y) / (u - x))));
}

/** Of the points of each stretch of `x`, `width` long, the one with the least `y`. */
export function floors(points, width) {
  const least = new Map();
  for (const point of points) {
    const stretch = Math.floor(point[0] / width);
    if (!least.has(stretch) || point[1] < least.get(stretch)[1]) {
      least.set(stretch, point);
    }
  }
  return [...least.values()];
}
