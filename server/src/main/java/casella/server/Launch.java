package casella.server;

import casella.directory.Directory;
import casella.server.config.Config;
import casella.server.control.DataFolder;
import casella.server.control.StoreOperations;
import java.util.List;

/// Starts the server on a data folder. The command line knows it by this interface only.
public interface Launch {
    /// Opens everything and returns when clients can connect.
    ///
    /// @param folder held by the caller, who gives it back after the server is closed
    /// @param demo whether brands, accounts and mail to look at are made where there are none
    /// @throws StartFailed if it cannot start; everything opened is closed again
    Running start(Config config, DataFolder folder, boolean demo) throws StartFailed;

    /// Opens what is stored, without a server, for orders on it.
    ///
    /// @param reading whether vaults and tail are enough; of these, what does not open is left out
    /// @throws StartFailed if it cannot be opened
    default Stored open(Config config, Directory directory, boolean reading) throws StartFailed {
        throw new StartFailed("this command needs the store");
    }

    /// What is stored, open.
    interface Stored extends AutoCloseable {
        StoreOperations operations();

        @Override
        void close();
    }

    /// A server that runs.
    interface Running extends AutoCloseable {
        /// Returns the lines to print, the first beginning with `Casella is ready` and naming every port.
        List<String> announcement();

        /// Stops taking connections, ends the sessions, closes everything. Takes at most 10 s.
        @Override
        void close();
    }

    /// Why a server could not start, as a sentence for whoever typed the command.
    final class StartFailed extends Exception {
        private static final long serialVersionUID = 1L;

        public StartFailed(String sentence, Throwable cause) {
            super(sentence, cause);
        }

        public StartFailed(String sentence) {
            super(sentence);
        }
    }
}
