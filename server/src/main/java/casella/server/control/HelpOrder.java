package casella.server.control;

/// A look inside a mailbox that its owner allows: [casella.incident.help.Helps]. Nothing here changes anything in it; each is carried out
/// for whoever used the owner's code, while it runs and as far as it goes. The owner reads of every one.
public sealed interface HelpOrder extends Order.Elsewhere {
    /// Uses a code that the owner made.
    ///
    /// @param account address or id
    record HelpBegin(String account, String code) implements HelpOrder {
        @Override
        public String toString() {
            return "HelpBegin[account=" + account + "]";
        }
    }

    /// What may be looked at, by whoever asks, until when.
    record HelpShow(String account) implements HelpOrder {}

    /// Names of folders, and how many mails are in them.
    record HelpFolders(String account) implements HelpOrder {}

    /// Sender, subject, date and size of the mails of a folder, the newest first.
    ///
    /// @param folder its id
    /// @param position of the first of them, from 0
    /// @param limit 1 to 50
    record HelpMessages(String account, String folder, int position, int limit) implements HelpOrder {}

    /// What one mail says, as plain text of at most 64 KiB; names of attachments, and nothing of them.
    ///
    /// @param email its id
    record HelpMessage(String account, String email) implements HelpOrder {}

    /// Ends it.
    record HelpEnd(String account) implements HelpOrder {}

    /// Who looked at what is written down.
    @Override
    default boolean looks() {
        return false;
    }
}
