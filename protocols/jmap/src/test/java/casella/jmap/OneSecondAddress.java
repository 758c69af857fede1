package casella.jmap;

import casella.base.AccountId;
import casella.base.SecondAddresses;
import org.jspecify.annotations.Nullable;

/// Keeps one second address, whose code is always 123456. Those at `posta.example` are ours, and `often@` was asked for too often.
final class OneSecondAddress implements SecondAddresses {
    private @Nullable String address;
    private @Nullable String pending;

    @Override
    public synchronized Kept of(AccountId account) {
        return new Kept(true, address, pending);
    }

    @Override
    public synchronized Begun begin(AccountId account, String to) {
        if (to.equals("often@altrove.example")) return Begun.TOO_MANY;
        if (to.endsWith("@posta.example")) return Begun.OURS;
        if (!to.endsWith(".example")) return Begun.NO_ADDRESS;
        pending = to;
        return Begun.SENT;
    }

    @Override
    public synchronized boolean confirm(AccountId account, String code) {
        if (pending == null || !code.equals("123456")) return false;
        address = pending;
        pending = null;
        return true;
    }

    @Override
    public synchronized void remove(AccountId account) {
        address = null;
        pending = null;
    }
}
