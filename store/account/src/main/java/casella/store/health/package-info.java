/// How a storage instance is: whether it is let in, how quick it is, and the probes that find out.
///
/// Lives here: the breaker of one instance ([Breaker]), the lane that probes it ([Watch]) and what its own latency says
/// about waiting ([Latency]).
/// Promises: an instance that failed or is late costs at most a few callers their patience; it comes back after minutes of
/// healthy probes and never because somebody's mail was tried on it.
/// Never: knows what an instance keeps.
/// Start reading at [Breaker].
@NullMarked
package casella.store.health;

import org.jspecify.annotations.NullMarked;
