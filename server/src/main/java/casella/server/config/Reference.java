package casella.server.config;

/// Every key there is, as `casella config --explain` prints it and docs/operations/config.md keeps it.
public final class Reference {
    private Reference() {}

    /// Returns the reference in Markdown.
    public static String markdown() {
        var out = new StringBuilder();
        out.append("""
                # Configuration

                One YAML file, given by `casella serve --config FILE`. Every key has a default: an empty file serves.
                A key that is not here is an error that names the nearest one. Times are written `500ms`, `30s`, `10m`,
                `2h`, `7d`; sizes `64KiB`, `50MiB`, `1GiB`. This page is what `casella config --explain` prints.
                """);
        for (Section section : Config.sections()) {
            out.append("\n## ").append(section.name()).append("\n\n").append(section.about()).append('\n');
            for (Section.Entry entry : section.entries()) entry(out, entry);
        }
        return out.toString();
    }

    private static void entry(StringBuilder out, Section.Entry entry) {
        out.append("\n### `").append(entry.key()).append("`\n\n");
        out.append(entry.meaning()).append("\n\n");
        out.append("- value: ").append(entry.kind());
        if (!entry.rule().isEmpty()) out.append("; ").append(entry.rule());
        out.append("\n- default: `").append(entry.otherwise()).append("`\n");
        out.append("- a change needs: ").append(entry.effect().words()).append('\n');
    }
}
