package casella.message;

/// A parameter as it stands on the wire: RFC 2231 forms (`name*0*`) and encoded words are still
/// there, quotes are not.
///
/// @param name as written, not lowered; compare without case (RFC 2045 §5.1)
/// @param value without its quotes
public record Parameter(String name, String value) {}
