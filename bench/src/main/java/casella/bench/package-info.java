/// Load for a mail server, as a process of its own: any server that speaks LMTP and IMAP.
///
/// Promises: says what it did and how long that took, as text and as JSON; loops are bounded in count and in time;
/// connects to loopback only.
/// Never: reaches into a server. What the server says of itself (syncs) is read from its `/metrics`.
/// Start reading at [Load]; `bench/run` puts a whole measurement together.
@NullMarked
package casella.bench;

import org.jspecify.annotations.NullMarked;
