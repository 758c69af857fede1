/// The loss account: what became of all mail that was accepted, and which mail senders may have given up on.
///
/// Lives here: the sums of a reconciliation by receipts, journal and queue ([LossAccount]), and the record of mail that was not taken
/// ([Tried], [Attempts]) in the desk's database.
/// Promises: lost is counted, never assumed to be nothing; writing down who was turned away costs the protocol a look at memory, and
/// what cannot be written down is counted; what is older than 90 days goes by itself.
/// Never: keeps a line of a mail, or writes an address anywhere but into the desk's own file.
/// Start reading at [LossAccount], then [Attempts]. The tables: docs/formats/losses.md.
@NullMarked
package casella.incident.losses;

import org.jspecify.annotations.NullMarked;
