/// The names of our domains: what they need in the DNS, whether it is there, and what clients and other servers are told by HTTP.
///
/// Lives here: what a domain needs ([DomainZone]), whether others find it ([DnsCheck]), orders on both ([NamingOrders]).
/// Promises: nothing here changes the DNS; what is printed can be pasted.
/// Never: says whether an address exists.
/// Start reading at [DomainZone].
@NullMarked
package casella.server.naming;

import org.jspecify.annotations.NullMarked;
