// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.MountOption;
import dev.jrun.spec.Propagation;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Mounts that are detached until they are attached: fsopen(2), fsmount(2), open_tree(2), mount_setattr(2),
 * move_mount(2).
 */
final class NewMountCalls implements MountCalls {

    /** Bytes of the longest value that fsconfig(2) takes. */
    private static final int LONGEST_VALUE = 255;

    /** Of a Java {@code char}, in UTF-8. */
    private static final int MOST_BYTES_OF_CHARACTER = 3;

    /** Flags of a superblock that fsconfig(2) does not know. */
    private static final List<String> ONLY_OF_MOUNT =
            List.of(MountOption.IVERSION.specName(), MountOption.SILENT.specName());

    private final RootDirectory rootDirectory;
    private final Assembler asm;
    private final MountSetattr setattr;
    private ClassicMountCalls classic;

    NewMountCalls(RootDirectory rootDirectory) {
        this.rootDirectory = rootDirectory;
        this.asm = rootDirectory.asm;
        this.setattr = new MountSetattr(asm);
    }

    @Override
    public boolean areDetached() {
        return true;
    }

    @Override
    public void prepare(List<Mount> mounts) {
        for (Mount mount : mounts) {
            if (classic == null && needsMount(mount.options().written())) {
                classic = new ClassicMountCalls(rootDirectory, KernelCalls.all());
                classic.prepare(mounts);
            }
        }
    }

    @Override
    public void finish() {
        if (classic != null) {
            classic.finish();
        }
    }

    /** Whether there are options that only mount(2) takes. */
    private static boolean needsMount(List<String> options) {
        for (String option : options) {
            if (isLong(option) || ONLY_OF_MOUNT.contains(option)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasLong(List<Filesystem.Parameter> data) {
        for (Filesystem.Parameter parameter : data) {
            if (isLong(parameter.text())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLong(String option) {
        int value = option.indexOf('=') + 1;
        return (option.length() - value) * MOST_BYTES_OF_CHARACTER > LONGEST_VALUE
                && option.substring(value).getBytes(StandardCharsets.UTF_8).length > LONGEST_VALUE;
    }

    @Override
    public void copy(String source, LastLink link, Depth depth, Register result) {
        long itself = link == LastLink.ITSELF ? OpenFlags.AT_SYMLINK_NOFOLLOW : 0;
        asm.call(
                        Syscall.OPEN_TREE,
                        value(OpenFlags.AT_FDCWD),
                        asm.string(source),
                        value(MountFlags.OPEN_TREE_CLONE | MountFlags.OPEN_TREE_CLOEXEC | itself | recursive(depth)))
                .into(result);
    }

    @Override
    public void copy(Register source, Depth depth, Register result) {
        asm.call(
                        Syscall.OPEN_TREE,
                        source,
                        rootDirectory.noPath(),
                        value(OpenFlags.AT_EMPTY_PATH
                                | MountFlags.OPEN_TREE_CLONE
                                | MountFlags.OPEN_TREE_CLOEXEC
                                | recursive(depth)))
                .into(result);
    }

    private static long recursive(Depth depth) {
        return switch (depth) {
            case SINGLE -> 0;
            case RECURSIVE -> OpenFlags.AT_RECURSIVE;
        };
    }

    @Override
    public void make(Filesystem filesystem, Register result) {
        if (hasLong(filesystem.data())
                || filesystem.superblock().contains(MountFlag.I_VERSION)
                || filesystem.superblock().contains(MountFlag.SILENT)) {
            classic.make(filesystem, result);
            return;
        }
        asm.call(Syscall.FSOPEN, asm.string(filesystem.type()), value(MountFlags.FSOPEN_CLOEXEC))
                .into(rootDirectory.context);
        set("source", filesystem.source());
        for (MountFlag flag : filesystem.superblock()) {
            flag(superblockName(flag));
        }
        for (Filesystem.Parameter parameter : filesystem.data()) {
            try (var _ = asm.because(Source.of(parameter.pointer(), asm.source().intent()))) {
                set(parameter);
            }
        }
        asm.call(
                Syscall.FSCONFIG,
                rootDirectory.context,
                value(MountFlags.FSCONFIG_CMD_CREATE),
                value(0),
                value(0),
                value(0));
        asm.call(
                        Syscall.FSMOUNT,
                        rootDirectory.context,
                        value(MountFlags.FSMOUNT_CLOEXEC),
                        value(MountAttributes.ofNewMount(filesystem.flags())))
                .into(result);
        rootDirectory.close(rootDirectory.context);
        asm.move(rootDirectory.context, value(0));
    }

    private void flag(String name) {
        asm.call(
                Syscall.FSCONFIG,
                rootDirectory.context,
                value(MountFlags.FSCONFIG_SET_FLAG),
                asm.string(name),
                value(0),
                value(0));
    }

    private void set(Filesystem.Parameter parameter) {
        if (parameter.hasValue()) {
            set(parameter.key(), parameter.value());
        } else {
            flag(parameter.key());
        }
    }

    private void set(String key, String text) {
        asm.call(
                Syscall.FSCONFIG,
                rootDirectory.context,
                value(MountFlags.FSCONFIG_SET_STRING),
                asm.string(key),
                asm.string(text),
                value(0));
    }

    private static String superblockName(MountFlag flag) {
        return switch (flag) {
            case RDONLY -> "ro";
            case SYNCHRONOUS -> "sync";
            case DIRSYNC -> "dirsync";
            case MANDLOCK -> "mand";
            case LAZYTIME -> "lazytime";
            default -> throw new IllegalArgumentException(flag + " is not a flag of a superblock");
        };
    }

    @Override
    public void change(Register mount, Depth depth, MountAttributes attributes) {
        setattr.change(mount, depth, attributes);
    }

    @Override
    public void propagate(Register mount, Propagation kind) {
        setattr.propagate(mount, kind);
    }

    @Override
    public Assembler.Added attach(Register mount, Register target) {
        return asm.call(
                Syscall.MOVE_MOUNT,
                mount,
                rootDirectory.noPath(),
                target,
                rootDirectory.noPath(),
                value(MountFlags.MOVE_MOUNT_F_EMPTY_PATH | MountFlags.MOVE_MOUNT_T_EMPTY_PATH));
    }

    @Override
    public void discard(Register mount) {
        rootDirectory.close(mount);
    }
}
