// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import java.util.ArrayList;
import java.util.List;

/** Places in the root file system that mounts go to, made where they are missing. */
final class MountPoint {

    private static final long DIRECTORY_MODE = 0755;

    private final Stage stage;
    private final Assembler asm;

    MountPoint(Stage stage) {
        this.stage = stage;
        this.asm = stage.asm;
    }

    /** Opens the directory {@code path}, made with all its parents where missing. */
    void directory(String path, Register result) {
        Label missing = asm.label("missing");
        Label done = asm.label("found");
        List<String> components = components(path);
        stage.openInRoot(join(components), directoryFlags(), result, missing);
        asm.go(done);
        asm.place(missing);
        makeDirectories(components, result);
        asm.place(done);
    }

    /** What is there and no directory is refused here: mounting on it would fail with EINVAL, which says nothing. */
    private long directoryFlags() {
        return OpenFlags.O_PATH | OpenFlags.directory(stage.machine);
    }

    /**
     * Opens {@code path} for a mount whose root is a file of the type in {@code mode}: a directory is made for a directory,
     * an empty file for everything else.
     */
    void like(Register mode, String path, Register result) {
        int mark = asm.registersInUse();
        Register type = asm.register("type");
        Label file = asm.label("file");
        Label done = asm.label("found");
        asm.compute(type, mode, Operation.AND, value(FileMode.S_IFMT));
        asm.branch(type, Condition.NOT_EQUAL, value(FileMode.S_IFDIR), file);
        directory(path, result);
        asm.go(done);
        asm.place(file);
        openFile(components(path), result, type);
        asm.place(done);
        asm.release(mark);
    }

    /** Opens {@code path}, which is made as an empty file where it is missing; a directory is refused. */
    void file(String path, Register result) {
        int mark = asm.registersInUse();
        Register type = asm.register("type");
        openFile(components(path), result, type);
        asm.release(mark);
    }

    private void openFile(List<String> components, Register result, Register type) {
        Label missing = asm.label("missing");
        Label done = asm.label("found");
        stage.openInRoot(join(components), result, missing);
        refuseDirectory(result, type);
        asm.go(done);
        asm.place(missing);
        makeFile(components, result);
        asm.place(done);
    }

    private void refuseDirectory(Register descriptor, Register type) {
        Label noDirectory = asm.label("no directory");
        stage.fileMode(descriptor, type);
        asm.compute(type, type, Operation.AND, value(FileMode.S_IFMT));
        asm.branch(type, Condition.NOT_EQUAL, value(FileMode.S_IFDIR), noDirectory);
        // What mount(2) says of it.
        asm.fail(Errno.ENOTDIR);
        asm.place(noDirectory);
    }

    /** The missing tail of the path is made from the first component that is not there; earlier ones are only opened. */
    private void makeDirectories(List<String> components, Register result) {
        int mark = asm.registersInUse();
        Register parent = asm.register("parent");
        asm.move(parent, stage.root);
        StringBuilder path = new StringBuilder();
        for (String component : components) {
            path.append('/').append(component);
            asm.call(Syscall.MKDIRAT, parent, asm.string(component), value(DIRECTORY_MODE))
                    .ignore(Errno.EEXIST, Errno.EROFS, Errno.EACCES, Errno.ENOENT);
            closeUnlessRoot(parent);
            stage.openInRoot(path.toString(), directoryFlags(), result, null);
            asm.move(parent, result);
        }
        asm.release(mark);
    }

    private void makeFile(List<String> components, Register result) {
        int mark = asm.registersInUse();
        Register parent = asm.register("parent");
        asm.move(parent, stage.root);
        if (components.size() > 1) {
            makeDirectories(components.subList(0, components.size() - 1), result);
            asm.move(parent, result);
        }
        asm.call(
                        Syscall.MKNODAT,
                        parent,
                        asm.string(components.getLast()),
                        value(FileMode.S_IFREG | DIRECTORY_MODE),
                        value(0))
                .ignore(Errno.EEXIST);
        closeUnlessRoot(parent);
        stage.openInRoot(join(components), result);
        asm.release(mark);
    }

    private void closeUnlessRoot(Register descriptor) {
        Label isRoot = asm.label("is root");
        asm.branch(descriptor, Condition.EQUAL, stage.root, isRoot);
        stage.close(descriptor);
        asm.place(isRoot);
    }

    private static String join(List<String> components) {
        return "/" + String.join("/", components);
    }

    /** The path without empty and "." components, ".." taken back lexically as runc does. */
    static List<String> components(String path) {
        List<String> components = new ArrayList<>();
        for (String component : path.split("/")) {
            switch (component) {
                case "", "." -> {}
                case ".." -> {
                    if (!components.isEmpty()) {
                        components.removeLast();
                    }
                }
                default -> components.add(component);
            }
        }
        return components;
    }
}
