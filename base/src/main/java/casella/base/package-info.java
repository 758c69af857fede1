/// What every room stands on: ids, time, faults, bulkheads, events, metrics.
///
/// Promises: depends on the JDK alone; nothing here knows mail, storage or a protocol.
/// Never: opens a file, a socket or a database. Threads of the platform kind are made here and nowhere else
/// ([Bulkhead], [Committer]), because virtual threads must never run native or blocking file calls themselves.
/// Start reading at [Fault], then [Bulkhead].
@NullMarked
package casella.base;

import org.jspecify.annotations.NullMarked;
