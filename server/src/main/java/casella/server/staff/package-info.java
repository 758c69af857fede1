/// Orders on who works here, and what whoever talks with an owner sees of a mailbox.
///
/// Lives here: [StaffOrders] and [CardOrders], which stand before the other operations. The book itself is `casella.incident.staff`.
/// Never: anything of a mail.
/// Start reading at [CardOrders].
@NullMarked
package casella.server.staff;

import org.jspecify.annotations.NullMarked;
