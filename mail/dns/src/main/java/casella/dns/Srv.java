package casella.dns;

/// A host that offers a service. RFC 2782 "A DNS RR for specifying the location of services".
///
/// @param host lower case, without a last dot; empty where the service is decidedly not offered
public record Srv(int priority, int weight, int port, String host) {}
