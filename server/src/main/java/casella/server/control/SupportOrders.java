package casella.server.control;

import casella.base.Bulkhead;
import casella.base.Fault;
import casella.server.config.DataConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Writes what somebody who helps needs to see, on this machine, for whoever ordered it. Hands on all other orders.
public final class SupportOrders implements Operations, AutoCloseable {
    private static final Duration TIME = Duration.ofMinutes(2);

    private final Operations operations;
    private final DataConfig data;
    private final Bulkhead files = new Bulkhead("support.files", 1, 4);

    /// @param operations carries out all others, and says how things are
    public SupportOrders(Operations operations, DataConfig data) {
        this.operations = operations;
        this.data = data;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof Order.SupportFile(String to))) return operations.perform(order, body, out);
        try {
            return files.call(TIME, () -> written(Path.of(to)));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private Outcome written(Path to) {
        try {
            new SupportBundle(data, Optional.of(operations)).write(null, null, to);
            return new Outcome.Done(Json.object().put("to", to.toString()).put("bytes", to.toFile().length()));
        } catch (FileAlreadyExistsException e) {
            return new Outcome.Refused("to: there is such a file already");
        } catch (IOException e) {
            return new Outcome.Refused("to: cannot be written: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        files.close();
    }
}
