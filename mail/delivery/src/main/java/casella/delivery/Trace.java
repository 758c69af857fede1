package casella.delivery;

import java.net.InetAddress;
import java.time.Instant;

/// How a message came, for its `Received` field. RFC 5321 §4.4.
///
/// @param from what the client called itself in EHLO, HELO or LHLO; already checked to be printable
/// @param peer the address it came from
/// @param by our own name
/// @param with the transmission type: `ESMTPS`, `LMTP`. RFC 3848
/// @param id names this transmission in our logs
/// @param at when it was complete
/// @param clientHidden true for the mail of our own users: neither name nor address of their machine is passed on
///                     (docs/decisions/0027)
public record Trace(
        String from, InetAddress peer, String by, String with, String id, Instant at, boolean clientHidden) {}
