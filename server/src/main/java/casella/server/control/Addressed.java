package casella.server.control;

import casella.base.AccountId;
import casella.base.Fault;
import casella.directory.Account;
import casella.directory.Registrar;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Rows that name an account by its id say its address too: the store knows ids alone, an operator knows addresses.
///
/// A row without `account`, or of an account the directory does not know, stays as it is. A directory that could not
/// be asked once is not asked again in this order: proof and rebuild must not wait for it.
final class Addressed implements Operations.Output {
    private final Operations.Output to;
    private final Registrar registrar;
    private volatile boolean away;

    /// @param to where the rows go
    Addressed(Operations.Output to, Registrar registrar) {
        this.to = to;
        this.registrar = registrar;
    }

    @Override
    public void row(ObjectNode row) {
        if (!row.has("address")) address(row.path("account").asString("")).ifPresent(a -> row.put("address", a));
        to.row(row);
    }

    private Optional<String> address(String id) {
        if (away || id.isEmpty()) return Optional.empty();
        try {
            return registrar.account(AccountId.parse(id)).map(Account::address);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        } catch (Fault e) {
            away = true;
            return Optional.empty();
        }
    }

    @Override
    public void progress(long count) {
        to.progress(count);
    }

    @Override
    public void progress(long done, long total, String unit) {
        to.progress(done, total, unit);
    }
}
