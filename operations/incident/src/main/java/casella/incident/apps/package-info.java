/// Which programs owners use, and by which protocols: whom an incident of one program or protocol concerns is counted by it.
///
/// Lives here: writing down what clients say of themselves ([Apps]), and a look at some owners ([Sample]).
/// Promises: whoever logs in waits for nothing; a client that invents names fills its own twenty rows; what was not used for 90 days
/// goes by itself.
/// Never: keeps a version, an address of the network or a time finer than a week.
/// Start reading at [Apps]. The tables: docs/formats/apps.md.
@NullMarked
package casella.incident.apps;

import org.jspecify.annotations.NullMarked;
