package casella.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that everything set aside in a data folder is listed, with what it costs and what repairs it, and
/// nothing else.
final class QuarantineTest {
    private record Result(int code, String out) {}

    private static Result list(Path data, String... more) {
        var out = new ByteArrayOutputStream();
        var terminal = new Terminal(InputStream.nullInputStream(), new PrintStream(out),
                new PrintStream(out), Map.of(), data);
        String[] arguments = {"quarantine", "list", "--data", data.toString()};
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return new Result(Cli.run(terminal, new Server(), all), out.toString(StandardCharsets.UTF_8));
    }

    private static void file(Path path, int bytes) throws IOException {
        Files.createDirectories(path.getParent());
        Files.write(path, new byte[bytes]);
    }

    @Test
    void aWholeFolderHasNothingInQuarantine(@TempDir Path data) throws IOException {
        file(data.resolve("engine/000010.sst"), 100);
        file(data.resolve("tail/0000000000000001.seg"), 100);
        file(data.resolve("vaults/rocksdb/0001/000010.sst"), 100);

        assertThat(list(data)).isEqualTo(new Result(0, "0 set aside, 0 bytes\n"));
        assertThat(list(data, "--json")).isEqualTo(new Result(0, "[]\n"));
    }

    @Test
    void everythingSetAsideIsListed(@TempDir Path data) throws IOException {
        file(data.resolve("tail/quarantine/0000000000000001.seg"), 10);
        file(data.resolve("queue/quarantine/0000000000000001.seg"), 20);
        file(data.resolve("vaults/pack/quarantine/0000000000000001-40.bad"), 30);
        file(data.resolve("vaults/rocksdb/0001.set-aside"), 5);
        file(data.resolve("vaults/rocksdb/0001/000010.sst"), 40);
        file(data.resolve("vaults/rocksdb/0002/cut-1795300000000/000011.log"), 50);
        file(data.resolve("engine.damaged-1795300000000/000010.sst"), 60);
        file(data.resolve("engine/SUSPECT"), 1);
        file(data.resolve("engine/cut-1795300000000/000012.log"), 70);

        Result text = list(data);
        assertThat(text.code()).isEqualTo(1);
        assertThat(text.out()).endsWith("8 set aside, 281 bytes\n").contains("costs: ", "repair: ");
        Result json = list(data, "--json");
        assertThat(json.code()).isEqualTo(1);
        assertThat(json.out().lines()).hasSize(8);
        for (String part : new String[] {"tail", "queue", "pack", "rocksdb", "engine"}) {
            assertThat(json.out()).contains("\"part\":\"" + part + "\"");
        }
        assertThat(json.out()).contains("\"bytes\":60", "\"bytes\":40", "engine.damaged-1795300000000");
    }
}
