package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The pages' own end-to-end tests, in real Chromium, before a server that runs.
///
/// @param folder where their output is kept
record WebSuite(Path folder) {
    private static final File WEB = Path.of(System.getProperty("casella.root"), "web").toFile();

    /// Builds the pages where that was not done yet.
    void build() throws Exception {
        if (!new File(WEB, "node_modules/.package-lock.json").exists()) run(Map.of(), List.of("npm", "ci"));
        if (!new File(WEB, "console/dist/index.html").exists()) run(Map.of(), List.of("npm", "run", "build"));
    }

    /// Returns where the console's tests before a real server keep what they saw.
    Path pictures() {
        return WEB.toPath().resolve("console/target/photographs-real");
    }

    /// Runs the tests whose files begin so; all must pass, and there must be some.
    void run(Map<String, String> environment, String file) throws Exception {
        String said = run(environment, List.of("npm", "run", "e2e", "--", file));
        assertThat(said).containsPattern("(?m)^[1-9][0-9]* passed, 0 failed$");
    }

    private String run(Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        var builder = new ProcessBuilder(command).directory(WEB).redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(6, TimeUnit.MINUTES);
        if (!ended) process.destroyForcibly();
        String said = Files.readString(output);
        assertThat(ended).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
