/// Who a mail is really from.
///
/// Lives here: DKIM signing and verifying ([DkimSigner], [DkimVerifier]) and the reading of names that claim to be a brand's
/// ([BrandClaim]).
/// Promises: what is verified is what readers of the same header see; a mail that is read in two ways is not valid.
/// Never: asks the DNS or reads a file: keys are given to it.
/// Start reading at [DkimSigner]. RFC 6376, RFC 8301, RFC 8463.
@NullMarked
package casella.authenticity;

import org.jspecify.annotations.NullMarked;
