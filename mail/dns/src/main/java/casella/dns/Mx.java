package casella.dns;

/// A server that takes mail. RFC 1035 §3.3.9.
///
/// @param preference the lowest comes first, 0 to 65,535
/// @param host lower case, without a last dot; empty where the domain takes no mail at all (RFC 7505 "null MX")
public record Mx(int preference, String host) {}
