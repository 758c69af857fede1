package casella.directory;

import casella.base.Fault;
import casella.base.MailboxId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What is needed to name an account and its folders with nothing else: kept beside the directory, about 2 KB.
///
/// ```text
/// version:u8=2 quotaBytes:u64 count:u32
///     { id:u32 uidValidity:u32 name:bytes32 role:bytes32 subscribed:u8 sortOrder:u32 }* script:bytes32
/// ```
/// `bytes32` is a u32 length and UTF-8. Integers are big-endian. In version 1 folders end with their role. Page:
/// docs/formats/face.md.
///
/// @param folders in no particular order, at most 10,000
/// @param script the active Sieve script; empty without one
/// @param quotaBytes as it was when the face was kept
public record Face(List<Folder> folders, String script, long quotaBytes) {
    /// The longest face kept.
    public static final int BYTES_MAX = 4 << 20;

    private static final int VERSION = 2;
    private static final int SORT_ORDER_UNKNOWN = 100;
    private static final int FOLDERS_MAX = 10_000;

    /// @param name full path, `/` between its parts
    /// @param uidValidity unsigned 32 bits, as the account last gave it out. RFC 9051 §2.3.1.1
    /// @param role JMAP role, `inbox`; empty without one. RFC 8621 §2
    /// @param sortOrder RFC 8621 §2
    public record Folder(
            MailboxId id, String name, long uidValidity, String role, boolean subscribed, int sortOrder) {}

    public Face {
        if (folders.size() > FOLDERS_MAX) throw new IllegalArgumentException("face: more than 10000 folders");
        folders = List.copyOf(folders);
    }

    /// Returns the bytes to keep.
    ///
    /// @throws Fault.Exhausted if they are more than [#BYTES_MAX]
    byte[] encode() {
        var bytes = new ByteArrayOutputStream(2_048);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(quotaBytes);
            out.writeInt(folders.size());
            for (Folder folder : folders) {
                out.writeInt(folder.id().number());
                out.writeInt((int) folder.uidValidity());
                write(out, folder.name());
                write(out, folder.role());
                out.writeBoolean(folder.subscribed());
                out.writeInt(folder.sortOrder());
            }
            write(out, script);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        if (bytes.size() > BYTES_MAX) throw new Fault.Exhausted("Face too long", Map.of("bytes", bytes.size()));
        return bytes.toByteArray();
    }

    /// @throws Fault.Corrupt if `bytes` are not a face
    static Face decode(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version < 1 || version > VERSION) {
                throw new Fault.Corrupt("Face of an unknown version", Map.of("version", version));
            }
            long quota = in.readLong();
            int count = in.readInt();
            if (count < 0 || count > FOLDERS_MAX) throw new Fault.Corrupt("Face folder count", Map.of("count", count));
            var folders = new ArrayList<Folder>();
            for (int i = 0; i < count; i++) {
                var id = new MailboxId(in.readInt());
                long uidValidity = Integer.toUnsignedLong(in.readInt());
                String name = read(in);
                String role = read(in);
                boolean subscribed = version == 1 || in.readBoolean();
                int sortOrder = version == 1 ? SORT_ORDER_UNKNOWN : in.readInt();
                folders.add(new Folder(id, name, uidValidity, role, subscribed, sortOrder));
            }
            String script = read(in);
            if (in.available() != 0) throw new Fault.Corrupt("Face longer than it says", Map.of());
            return new Face(folders, script, quota);
        } catch (IOException | IllegalArgumentException e) {
            throw new Fault.Corrupt("Face cannot be read", Map.of("bytes", bytes.length), e);
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) throw new IOException("length beyond the end");
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
