/// What the domain name system says.
///
/// Lives here: the question ([Kind]), the answer ([Answer]), who gives it: servers that are asked ([StubResolver]) or a file
/// ([ZoneFile]).
/// Promises: an answer within a bounded time, and one of four, whatever comes over the wire; `secure` only with proof.
/// Never: throws for a name or an answer; holds a carrier thread; tries a search path.
/// Start reading at [Resolver]. RFC 1034, RFC 1035, RFC 2308 "Negative Caching of DNS Queries".
@NullMarked
package casella.dns;

import org.jspecify.annotations.NullMarked;
