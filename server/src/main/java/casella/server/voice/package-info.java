/// The brands' own voice: the keys they sign with, and who is told what when.
///
/// Lives here: keys on disk ([BrandKeys]), orders on them, the watch over mailboxes that were away ([BackAgain]).
/// Promises: a key is made once and never replaced by itself; nobody is told twice.
/// Never: makes a link, or a name that a mail program makes one of.
/// Start reading at [BrandKeys].
@NullMarked
package casella.server.voice;

import org.jspecify.annotations.NullMarked;
