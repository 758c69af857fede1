/// The store: accounts whose mail outlives the storage under it.
///
/// Lives here: the model ([Mailbox], [Placement], [Email]), the one door to an account ([Account]: read, change, watch),
/// the journal's words ([Operation], [Change], [Entry]) and their projection onto rows ([Projection]), the copies policy
/// ([Copies]) and its debt ([Debt]).
/// Promises: what is answered is on two technologies and in engine and journal (I1); what is served is what was stored
/// (I2); changes to an account are serialised, atomic and isolated (I3); a retry of an unknown outcome is harmless (I4).
/// Never: knows a protocol, an address, a password; names an engine or a vault.
/// Start reading at [Account#add], then [Projection].
@NullMarked
package casella.store;

import org.jspecify.annotations.NullMarked;
