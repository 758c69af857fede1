/// Care for the copies: debt is paid, every object is looked at again and again, and what is known of both outlives a
/// restart.
///
/// Lives here: the healer ([Healer]), the survey that finds what vaults lack ([Survey]), the scrubber that reads every
/// object ([Scrubber]), the small files of both ([CareFile]) and their running ([Care]).
/// Promises: a copy is made from bytes that match their hash, and counts once it was read back; what ended is not brought
/// back; a vault that is not well is left alone.
/// Never: deletes an object that did not end, or trusts its own files: what they lack is found by a survey.
/// Start reading at [Care]; the format page is docs/formats/care.md.
@NullMarked
package casella.store.care;

import org.jspecify.annotations.NullMarked;
