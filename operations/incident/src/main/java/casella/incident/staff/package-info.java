/// Who works here: people with roles, their passwords and keys, and the log-ins of today.
///
/// Lives here: what people may be ([Role]), the book of them in the desk's database ([Staff]), and who is logged in ([LogIns]).
/// Promises: it answers while every engine and vault is away; a password or a key is kept as its hash alone; whoever is taken out of the
/// book, or has other roles, is so with the next thing they ask.
/// Never: knows what a role may do: that is decided where orders are known.
/// Start reading at [Staff].
@NullMarked
package casella.incident.staff;

import org.jspecify.annotations.NullMarked;
