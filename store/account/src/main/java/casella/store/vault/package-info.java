/// Vaults: places that keep immutable objects, of several technologies.
///
/// Lives here: the SPI ([Vault]), an object's name ([ObjectName]), the one form in which every vault keeps it
/// ([StoredObject]) and what is written beside a mail ([Receipt]).
/// Promises: an object is never overwritten, says itself what it is, and is checked against its hash when read.
/// Never: decides where copies go (that is the copies policy) or names a technology.
/// Start reading at [StoredObject]; the format page is docs/formats/object.md.
@NullMarked
package casella.store.vault;

import org.jspecify.annotations.NullMarked;
