package casella.server.outgoing;

import casella.authenticity.DkimKey;
import casella.authenticity.DkimSigner;
import casella.base.Clock;
import casella.delivery.Signing;
import casella.server.voice.BrandKeys;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;

/// Signs owners' mail with the keys of its domain, each: those that know one algorithm alone find one. RFC 8463 §3.
public final class OwnersSigning implements Signing {
    /// What a reader sees, and what says how the rest is to be read. RFC 6376 §5.4.1
    private static final List<String> SIGNED = List.of(
            "From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "Sender", "In-Reply-To",
                    "References",
            "MIME-Version", "Content-Type", "Content-Transfer-Encoding");

    private final BrandKeys keys;
    private final Clock clock;

    public OwnersSigning(BrandKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public byte[] fields(String domain, byte[] mail) {
        var out = new ByteArrayOutputStream();
        Instant now = clock.now();
        for (DkimKey key : keys.signers(domain)) out.writeBytes(DkimSigner.field(mail, key, SIGNED, now));
        return out.toByteArray();
    }
}
