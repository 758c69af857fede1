package casella.continuity.burnin;

import java.util.Map;

/// What was measured at one level of one dimension.
///
/// @param dimension that was grown
/// @param level to which
/// @param objects held then, of all accounts
/// @param bytes as they are stored
/// @param accounts that have them
/// @param concurrency calls at the same time
public record Step(
        Dimension dimension,
        long level,
        long objects,
        long bytes,
        long accounts,
        int concurrency,
        Map<Call, Latency> calls) {
    public Step {
        calls = Map.copyOf(calls);
    }

    public Latency of(Call call) {
        Latency latency = calls.get(call);
        return latency == null ? Latency.NONE : latency;
    }
}
