/// Load for a mail server, as a process of its own: any server that speaks LMTP and IMAP. And load for the store below
/// it, in this process.
///
/// Promises: says what it did and how long that took; loops are bounded in count and in time; connects to loopback only.
/// Never: reaches into a server. What the server says of itself (syncs) is read from its `/metrics`.
/// Start reading at [Load], which `bench/run` calls, at [StoreBench], which `bench/vaults` calls, and at [StandbyBench], which
/// `bench/standby` calls.
@NullMarked
package casella.bench;

import org.jspecify.annotations.NullMarked;
