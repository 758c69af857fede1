/// What is wrong with the server, in an operator's words: what, since when, what the machine is already doing, what to do.
///
/// Lives here: the symptoms there are ([Symptom]), who looks for them ([Doctor]) in the server's own figures ([Figures],
/// [History]), what an operator paused ([Automation]) and the record of who ordered what ([Audit]).
/// Promises: a symptom is found from the figures that Prometheus reads, so that both say the same; nothing here waits for a
/// part that may be away; what is paused stays paused over a restart, and is said until it is resumed.
/// Never: names an account or an address.
/// Start reading at [Symptom].
@NullMarked
package casella.server.health;

import org.jspecify.annotations.NullMarked;
