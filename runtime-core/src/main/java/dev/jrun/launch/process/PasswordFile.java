// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.StoredFile;
import dev.jrun.launch.rootfs.RootDirectory;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/**
 * The container's /etc/passwd, which says what {@code HOME} is where the configuration does not. It is the image's, and
 * may lead to any file in the container, while init still has the rights of its caller and nothing is masked: reading
 * /proc/kmsg, which looks like a regular file, takes the kernel's messages away from the host. So it is looked at as a
 * place (O_PATH) before it is opened, since to open a device can do something, and again when it is open, since it may
 * have been replaced. Any trouble means that it says nothing.
 */
public final class PasswordFile {

    /** How much of it is read, in bytes. */
    public static final int LONGEST = 256 << 10;

    private static final String PATH = "/etc/passwd";

    private final RootDirectory root;
    private final Assembler asm;

    public PasswordFile(RootDirectory root) {
        this.root = root;
        this.asm = root.asm;
    }

    /** Reads up to {@code capacity} bytes to {@code content}; {@code length} says how many there are. */
    public void read(Operand content, int capacity, Register length) {
        try (var _ = asm.scope()) {
            Register file = asm.register("passwd");
            StoredFile stored = new StoredFile(asm, root.status);
            Label nothing = asm.label("no passwd");
            Label close = asm.label("close passwd");
            asm.source("/process/env", "read " + PATH + " for HOME");
            asm.move(length, value(0));
            root.openInRoot(PATH, OpenFlags.O_PATH, file).onError(nothing);
            stored.check(file, close);
            root.close(file);
            root.openInRoot(PATH, OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY, file)
                    .onError(nothing);
            stored.check(file, close);
            asm.call(Syscall.READ, file, content, value(capacity)).into(length).ignoreErrors();
            asm.branch(length, Condition.NOT_LESS, value(0), close);
            asm.move(length, value(0));
            asm.place(close);
            root.close(file);
            asm.place(nothing);
        }
    }
}
