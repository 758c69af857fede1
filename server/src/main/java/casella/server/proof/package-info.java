/// Documents that this instance signs, so that what it says of an account can be checked by others later.
///
/// Lives here: [InstanceKey], the key pair of a data folder; [SignedDocument], the form of what is signed.
/// Promises: the private half never leaves its file and memory; a signature is over the very bytes that are read.
/// Never: makes a new key in place of one that cannot be read; takes an algorithm from a document.
/// Start reading at [SignedDocument]; the page is docs/formats/proof.md, the reasons are decision 0093.
@NullMarked
package casella.server.proof;

import org.jspecify.annotations.NullMarked;
