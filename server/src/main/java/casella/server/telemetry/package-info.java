/// What the server says of itself: the log and the figures.
///
/// Promises: every event and every figure comes from the catalogues in `casella.base`, which the pages
/// docs/operations/events.md and docs/operations/metrics.md are made from; a slow reader of the log never stops a session.
/// Never: reads a configuration file of its own, labels a figure with an account or an address.
/// Start reading at [PrometheusMetrics] and [Logging].
@NullMarked
package casella.server.telemetry;

import org.jspecify.annotations.NullMarked;
