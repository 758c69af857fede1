package casella.jmap;

import casella.base.ArrivalId;
import casella.base.Sha256;
import casella.message.Part;
import casella.message.Range;
import casella.message.Summary;
import casella.message.TransferDecoding;
import casella.store.Account;
import casella.store.Email;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the bytes that a blob id names, among the mails and the uploads of one account. RFC 8620
/// §6.2.
final class Blobs {
    private final Account account;
    private final Uploads uploads;

    Blobs(Account account, Uploads uploads) {
        this.account = account;
        this.uploads = uploads;
    }

    static Blobs of(Call call) {
        return new Blobs(call.account(), call.parts().uploads());
    }

    /// Returns the bytes; empty if the account has none by that id.
    ///
    /// @throws casella.base.Fault if they are there and cannot be had now
    Optional<byte[]> read(String text) {
        BlobId id = BlobId.read(text);
        if (id == null) return Optional.empty();
        byte[] bytes;
        List<String> inside = id.sections();
        Sha256 hash = id.hash();
        ArrivalId email = id.email();
        if (email != null) {
            bytes = part(email, inside.getFirst());
            inside = inside.subList(1, inside.size());
        } else if (hash != null) {
            bytes = whole(hash);
        } else {
            return Optional.empty();
        }
        for (String section : inside) {
            if (bytes == null) break;
            Part part = Summary.of(bytes).part(section);
            bytes = part == null || part.isMultipart() ? null : TransferDecoding.decode(bytes, part).bytes();
        }
        return Optional.ofNullable(bytes);
    }

    private byte @Nullable [] whole(Sha256 hash) {
        Email email = account.read(view -> {
            for (ArrivalId id : view.withContent(hash)) {
                Email one = view.email(id);
                if (one != null) return one;
            }
            return null;
        });
        if (email != null) return MailBytes.whole(account, email);
        return uploads.read(account.id(), hash).orElse(null);
    }

    private record Found(Email email, Part part) {}

    private byte @Nullable [] part(ArrivalId id, String section) {
        Found found = account.read(view -> {
            Email email = view.email(id);
            Summary summary = email == null ? null : view.summary(id);
            Part part = summary == null ? null : summary.part(section);
            return email == null || part == null || part.isMultipart() ? null : new Found(email, part);
        });
        if (found == null) return null;
        Range body = found.part().body();
        byte[] encoded = MailBytes.read(account, found.email(), List.of(body)).get(body);
        return TransferDecoding.decode(encoded, 0, encoded.length, found.part().encoding()).bytes();
    }
}
