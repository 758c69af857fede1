package casella.jmap;

import casella.base.AccountId;
import casella.base.Sha256;
import java.util.Optional;

/// Files a client has sent and not yet used: attachments of a draft, mails to import. RFC 8620
/// §6.1.
///
/// Kept for a while, never counted as mail, lost without harm. Safe from any thread.
public interface Uploads extends AutoCloseable {
    /// One upload on its way in. Closing it before [#finish] throws it away.
    interface Incoming extends AutoCloseable {
        /// Takes the next `count` bytes.
        ///
        /// @throws casella.base.Fault.Unavailable if the disk does not answer
        /// @throws casella.base.Fault.Exhausted if one upload would fill the account's whole spool
        void write(byte[] bytes, int count);

        /// Keeps what was written, in the place of older uploads where there is no room.
        Kept finish();

        @Override
        void close();
    }

    /// What an upload became.
    ///
    /// @param hash of its bytes; its blob id is this in hexadecimal
    record Kept(Sha256 hash, long size) {}

    /// Begins an upload of `account`.
    Incoming receive(AccountId account);

    /// Returns the bytes of an upload of `account`; empty if there is none or its time is over.
    Optional<byte[]> read(AccountId account, Sha256 hash);

    @Override
    void close();
}
