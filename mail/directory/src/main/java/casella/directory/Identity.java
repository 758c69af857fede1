package casella.directory;

/// An address an account may send from. RFC 8621 §6.
///
/// @param id stable within the account: the address's key
/// @param name what the letter carries before the address; may be empty
/// @param address as it is written in From
public record Identity(String id, String name, String address) {}
