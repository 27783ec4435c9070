// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.ProcessPath;
import dev.jrun.program.Register;
import dev.jrun.spec.IdMapping;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Maps ids of a user namespace to those of its parent, user_namespaces(7).
 *
 * @param usersPointer of what maps the user ids in config.json
 * @param groupsPointer of what maps the group ids
 */
public record IdMaps(String usersPointer, String groupsPointer, List<IdMapping> users, List<IdMapping> groups) {

    /** Those that are the {@code uidMappings} and {@code gidMappings} of what is at {@code pointer}. */
    public static IdMaps below(String pointer, List<IdMapping> users, List<IdMapping> groups) {
        return new IdMaps(pointer + "/uidMappings", pointer + "/gidMappings", users, groups);
    }

    /** Whether both map alike. */
    public boolean isAs(IdMaps other) {
        return users.equals(other.users) && groups.equals(other.groups);
    }

    /** Writes them for the user namespace that the child {@code pid} has made. */
    public void write(Assembler asm, Register pid) {
        write(asm, pid, usersPointer, "uid_map", users);
        write(asm, pid, groupsPointer, "gid_map", groups);
    }

    private void write(Assembler asm, Register pid, String pointer, String name, List<IdMapping> mappings) {
        try (var _ = asm.scope()) {
            Register file = asm.register(name);
            byte[] text = text(mappings);
            ProcessPath path = new ProcessPath(asm, name);
            asm.source(pointer, "map ids of files");
            path.open(pid, OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC).into(file);
            asm.call(Syscall.WRITE, file, asm.bytes(text), value(text.length));
            asm.call(Syscall.CLOSE, file);
        }
    }

    /** A line for each range, as the kernel takes them. */
    public static byte[] text(List<IdMapping> mappings) {
        StringBuilder text = new StringBuilder();
        for (IdMapping mapping : mappings) {
            text.append(mapping.containerID())
                    .append(' ')
                    .append(mapping.hostID())
                    .append(' ')
                    .append(mapping.size())
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
