package casella.server.control;

/// On one owner's mailbox, for whoever talks with the owner. Nothing of any mail is in the answers.
public sealed interface CardOrder extends Order.Elsewhere {
    /// Accounts whose address begins so.
    ///
    /// @param text the beginning of a primary address, a whole address or alias, or an id
    /// @param limit 1 to 200
    record AccountFind(String text, int limit) implements CardOrder {}

    /// How a mailbox is, and what to tell its owner.
    ///
    /// @param account address or id
    record AccountShow(String account) implements CardOrder {}

    /// Who looked at whose mailbox is written down.
    @Override
    default boolean looks() {
        return false;
    }
}
