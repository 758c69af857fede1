/// The status pages of a brand: what works, what was said, what was before, as files that can lie anywhere.
///
/// Lives here: the pages people read ([StatusPage]), the feed ([StatusFeed]), the shape tools read ([StatusJson]), all of them as files
/// ([StatusSite]). Promises: whatever an operator wrote stays text; no page needs a script, or is larger than 50 KB.
/// Never: asks anything of anybody; it is given [Facts].
/// Start reading at [StatusSite].
@NullMarked
package casella.incident.status;

import org.jspecify.annotations.NullMarked;
