/// Help inside a mailbox, allowed by its owner.
///
/// What lives here: which owners let whom look inside, how far and until when, and every look. What it promises: nobody looks without a code
/// that the owner made, once, for a while, as far as the owner said; every look is written down before it is answered, and the owner reads
/// all of them. What it never does: read mail; keep anything that a mail says. Where to start reading:
/// [Helps][casella.incident.help.Helps]. Its format: docs/formats/help.md.
@NullMarked
package casella.incident.help;

import org.jspecify.annotations.NullMarked;
