// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.MountOptions;
import java.util.List;
import java.util.Set;

/** Makes a detached mount of a file system, fsopen(2) to fsmount(2). */
final class FilesystemMount {

    private final Stage stage;
    private final Assembler asm;

    FilesystemMount(Stage stage) {
        this.stage = stage;
        this.asm = stage.asm;
    }

    /** What the file system's superblock, not its mount, is told; see "superblock flags" in mount(2). */
    private static final List<MountFlag> SUPERBLOCK_FLAGS =
            List.of(MountFlag.SYNCHRONOUS, MountFlag.DIRSYNC, MountFlag.MANDLOCK, MountFlag.LAZYTIME);

    /**
     * {@code result =} a new mount.
     *
     * @param options attributes of the mount and data for the file system
     */
    void make(String type, String source, MountOptions options, Register result) {
        open(type, source);
        Set<MountFlag> flags = options.set();
        if (flags.contains(MountFlag.RDONLY)) {
            flag("ro");
        }
        for (MountFlag flag : SUPERBLOCK_FLAGS) {
            if (flags.contains(flag)) {
                flag(superblockName(flag));
            }
        }
        options.data().forEach(this::option);
        finish(MountAttributes.ofNewMount(flags), result);
    }

    /** {@code result =} a new mount that shares its superblock with others: the superblock's flags are left alone. */
    void makeShared(String type, String source, Set<MountFlag> flags, List<String> data, Register result) {
        open(type, source);
        data.forEach(this::option);
        finish(MountAttributes.ofNewMount(flags), result);
    }

    private void open(String type, String source) {
        asm.call(Syscall.FSOPEN, asm.string(type), value(MountFlags.FSOPEN_CLOEXEC))
                .into(stage.context);
        set(MountFlags.FSCONFIG_SET_STRING, "source", source);
    }

    private void finish(long attributes, Register result) {
        asm.call(Syscall.FSCONFIG, stage.context, value(MountFlags.FSCONFIG_CMD_CREATE), value(0), value(0), value(0));
        asm.call(Syscall.FSMOUNT, stage.context, value(MountFlags.FSMOUNT_CLOEXEC), value(attributes))
                .into(result);
        stage.close(stage.context);
        asm.move(stage.context, value(0));
    }

    private void option(String option) {
        int equals = option.indexOf('=');
        if (equals < 0) {
            flag(option);
        } else {
            set(MountFlags.FSCONFIG_SET_STRING, option.substring(0, equals), option.substring(equals + 1));
        }
    }

    private void flag(String name) {
        asm.call(
                Syscall.FSCONFIG,
                stage.context,
                value(MountFlags.FSCONFIG_SET_FLAG),
                asm.string(name),
                value(0),
                value(0));
    }

    private void set(long command, String key, String text) {
        asm.call(Syscall.FSCONFIG, stage.context, value(command), asm.string(key), asm.string(text), value(0));
    }

    private static String superblockName(MountFlag flag) {
        return switch (flag) {
            case SYNCHRONOUS -> "sync";
            case DIRSYNC -> "dirsync";
            case MANDLOCK -> "mand";
            case LAZYTIME -> "lazytime";
            default -> throw new IllegalArgumentException(flag + " is not a flag of a superblock");
        };
    }
}
