/// What owners are given for what did not work: decided by rules and the measured record, looked at by two people, given once.
///
/// Lives here: the rules ([Rules], read by [RulesFile]), who is owed what by them ([Owed]), the list of it that one previews and
/// another approves ([Compensations]), the work that credits, ends and announces it ([CompensationWork]).
/// Promises: an account is credited once for an incident, whatever is killed when; what is approved is what was previewed, account by
/// account; nothing that was done is forgotten.
/// Never: charges, or knows prices: months are a credit that billing reads. Never waits for the store but to announce.
/// Start reading at [Compensations]. The tables and the rules: docs/formats/compensation.md.
@NullMarked
package casella.incident.compensation;

import org.jspecify.annotations.NullMarked;
