// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.spec.Linux.TimeOffset;
import dev.jrun.spec.Linux.TimeOffsets;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A new time namespace. unshare(2) makes it for children only, so that its offsets can be set before anybody is in it;
 * it can be entered through its file then, without another process. time_namespaces(7).
 */
final class TimeNamespace {

    private static final String POINTER = "/linux/namespaces";

    private TimeNamespace() {}

    /** Makes and enters it. */
    static void enterNew(Assembler asm, TimeOffsets offsets) {
        try (var _ = asm.scope()) {
            Register file = asm.register("time namespace");
            asm.source(POINTER, "make a new time namespace");
            asm.call(Syscall.UNSHARE, value(CloneFlags.CLONE_NEWTIME));
            if (!offsets.isEmpty()) {
                setOffsets(asm, offsets);
            }
            asm.source(POINTER, "enter the new time namespace");
            open(asm, "/proc/self/ns/time_for_children", OpenFlags.O_RDONLY, file);
            asm.call(Syscall.SETNS, file, value(CloneFlags.CLONE_NEWTIME));
            asm.call(Syscall.CLOSE, file);
        }
    }

    private static void setOffsets(Assembler asm, TimeOffsets offsets) {
        try (var _ = asm.scope()) {
            Register file = asm.register("time offsets");
            String text = line("monotonic", offsets.monotonic()) + line("boottime", offsets.boottime());
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            asm.source(
                    "/linux/timeOffsets",
                    "set the offsets of the clocks: " + text.strip().replace("\n", ", "));
            open(asm, "/proc/self/timens_offsets", OpenFlags.O_WRONLY, file);
            asm.call(Syscall.WRITE, file, asm.bytes(bytes), value(bytes.length));
            asm.call(Syscall.CLOSE, file);
        }
    }

    private static String line(String clock, Optional<TimeOffset> offset) {
        return offset.map(time -> clock + " " + time.secs() + " " + time.nanosecs() + "\n")
                .orElse("");
    }

    private static void open(Assembler asm, String path, long mode, Register result) {
        asm.call(Syscall.OPENAT, value(OpenFlags.AT_FDCWD), asm.string(path), value(mode | OpenFlags.O_CLOEXEC))
                .into(result);
    }
}
