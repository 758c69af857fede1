/// Who a mail is really from.
///
/// Lives here: what is found out about a mail that comes in ([Authenticity]: SPF, DKIM, DMARC, ARC, the peer's name; said in
/// [Findings]), DKIM signing and the strict verifying of our own mail ([DkimSigner], [DkimVerifier]), and the reading of names that
/// claim to be a brand's ([BrandClaim]).
/// Promises: what is verified is what readers of the same header see; a mail that is read in two ways has no valid signature; a
/// bounded number of questions and a bounded time for each mail, and findings whatever it is.
/// Never: refuses a mail, or holds trouble of the DNS against its sender; reads a file.
/// Start reading at [Authenticity]. RFC 7208, RFC 6376, RFC 8301, RFC 8463, RFC 8617, RFC 7601, RFC 7489.
@NullMarked
package casella.authenticity;

import org.jspecify.annotations.NullMarked;
