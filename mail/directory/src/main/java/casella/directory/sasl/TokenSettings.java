package casella.directory.sasl;

import java.nio.file.Path;

/// Whose tokens are taken.
///
/// @param issuer    what `iss` must be
/// @param audience  what must be in `aud`
/// @param keys      a file with the issuer's public keys, as a JSON Web Key Set
/// @param claim     which claim is the address of the account
/// @param scope     what a client that is refused is told to ask for; may be empty
/// @param discovery where it finds the issuer's configuration; may be empty. RFC 7628 §3.2.2
public record TokenSettings(
        String issuer, String audience, Path keys, String claim, String scope, String discovery) {
    public TokenSettings {
        if (issuer.isEmpty()) throw new IllegalArgumentException("token-issuer: must be set");
        if (audience.isEmpty()) throw new IllegalArgumentException("token-audience: must be set");
        if (claim.isEmpty()) throw new IllegalArgumentException("token-claim: must be set");
    }
}
