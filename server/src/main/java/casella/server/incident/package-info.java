/// The incident desk of a running server: where it is kept, who is told by which way, and the orders on it.
///
/// Lives here: what is opened ([IncidentDesk], [CompensationDesk]), the channels out of the house ([NoticeWebhook], [StatusFolder]), the
/// pages it serves ([StatusPages], [Uptimes], [ComplaintForm]), and a class of orders for each thing it keeps ([IncidentOrders],
/// [CompensationOrders], [ComplaintOrders], [BreachOrders]).
/// Never: waits for the store where something is shown or taken; counting what was lost does.
/// Start reading at [IncidentDesk].
@NullMarked
package casella.server.incident;

import org.jspecify.annotations.NullMarked;
