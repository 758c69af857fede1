/// The incident desk of a running server: where it is kept, who is told by which way, and the orders on it.
///
/// Lives here: what is opened ([IncidentDesk]), the channels out of the house ([NoticeWebhook], [StatusFolder]), the pages it serves
/// ([StatusPages]), its orders ([IncidentOrders]).
/// Never: asks the store for anything.
/// Start reading at [IncidentDesk].
@NullMarked
package casella.server.incident;

import org.jspecify.annotations.NullMarked;
