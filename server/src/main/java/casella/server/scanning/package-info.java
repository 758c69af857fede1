/// Mail that comes, as scanners see it: asked about before it is filed, or after; and what owners say about their judgement.
///
/// [casella.server.scanning.MailScans] puts it together. It promises that mail which was taken is looked at in the end, also after a
/// kill, as long as a scanner comes back; it never deletes anything, and moves nothing but from INBOX to Junk.
@NullMarked
package casella.server.scanning;

import org.jspecify.annotations.NullMarked;
