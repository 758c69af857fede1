package casella.server.model;

import casella.store.engine.Engine;
import casella.store.vault.Vault;
import casella.testkit.SimulatedDisk;

/// An engine and two vaults of different technologies, the first of them over a simulated disk.
interface Parts extends AutoCloseable {
    Engine engine();

    Vault first();

    Vault second();

    /// Opens the first vault over what its disk holds.
    void openFirst(SimulatedDisk disk);

    /// Takes note of where the engine is, for [#engineBack].
    void keepEngine();

    /// Ends all of it as the process ends, and opens engine and second vault over what is left of them.
    void kill();

    /// The engine is as [#keepEngine] saw it.
    void engineBack();

    /// The engine is empty.
    void engineLost();

    /// The second vault is empty.
    void secondLost();

    @Override
    void close();
}
