/// What goes beside a message: how its sender wants it carried, and what he wants to be told. RFC 3461, RFC 6152,
/// RFC 3030, RFC 6531, RFC 6710.
@NullMarked
package casella.message.envelope;

import org.jspecify.annotations.NullMarked;
