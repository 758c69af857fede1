package casella.server;

import casella.server.config.Config;
import casella.server.control.DataFolder;
import java.io.IOException;
import java.nio.file.Path;

/// The process that `drill run node-killed` kills and starts again: a demo on a folder of its own and on any free ports, that
/// ends with the server that started it.
final class NodeUnderDrill {
    private NodeUnderDrill() {}

    /// Serves until it is killed, or nobody is left at the other end of its standard input.
    static int run(Path folder) {
        if (!(Config.text(Rehearsal.EVERY_PORT_FREE, new Config.Overrides(folder, 0))
                instanceof Config.Loaded.Good(Config config))) {
            throw new IllegalStateException("the configuration of the server under drill is wrong");
        }
        return switch (DataFolder.take(config.data())) {
            case DataFolder.Taken.Busy _ -> 1;
            case DataFolder.Taken.Held(DataFolder held) -> serve(config, held);
        };
    }

    private static int serve(Config config, DataFolder held) {
        try (held;
                Launch.Running running = new Server().start(config, held, true)) {
            System.out.println(running.announcement().getFirst());
            System.out.flush();
            int read = System.in.read();
            while (read >= 0) read = System.in.read();
            return 0;
        } catch (IOException | Launch.StartFailed e) {
            System.err.println("casella: the server under drill: " + e.getMessage());
            return 1;
        }
    }
}
