/// The one configuration file: YAML in, one checked record for each section out.
///
/// Promises: an empty file serves; a key nobody reads, a value of the wrong kind or outside its rule is a [Problem] with
/// its line, and all problems of a file are found at once; what reads a key also documents it, so that
/// `casella config --explain` and docs/operations/config.md cannot tell another story.
/// Never: uses reflection, opens a port, reads a secret into a message.
/// Start reading at [Section], then [Config].
@NullMarked
package casella.server.config;

import org.jspecify.annotations.NullMarked;
