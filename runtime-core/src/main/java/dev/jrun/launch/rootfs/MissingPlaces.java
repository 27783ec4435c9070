// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statfs;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Subroutine;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens places in the root file system that are missing or behind symbolic links, and makes them where they are
 * missing. A link that leads nowhere has its target made, inside the root, as runc does: images come with links such as
 * {@code /etc/resolv.conf -> ../run/systemd/resolve/stub-resolv.conf}.
 *
 * <p>The kernel walks every path, from the root's descriptor (openat2(2) with {@code RESOLVE_IN_ROOT}); what is made is
 * made by its name in a directory that was opened so. Whoever changes the tree meanwhile can make this fail, or have a
 * directory made elsewhere in the root, but not outside.
 */
final class MissingPlaces {

    static final long MODE = 0755;
    /** As many as path_resolution(7) follows. */
    private static final int MAX_LINKS = 40;

    /** A path, with the text of a link in place of the link. */
    private static final int REPLACED_PATH_MAX = 3 * OpenFlags.PATH_MAX;

    private final RootDirectory rootDirectory;
    private final Assembler asm;
    private final Subroutine subroutine;
    private final List<Detour> detours = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();

    private final Register path;
    private final Register type;
    private final Register made;

    private final Register place;
    private final Register links;
    private final Register parent;
    private final Register start;
    private final Register end;
    private final Register text;
    private final Register character;
    private final Register separator;
    private final Register from;
    private final Register buffer;
    private final Register spare;
    private final Register overLink;
    private final Register filesystem;
    private final Register inode;
    private final Register device;
    private final Register compared;

    /** A way off the straight path of the program, and back. */
    private record Detour(Source source, Label from, Label back, String path, Missing missing) {}

    private record Refusal(Source source, Label from, String reason, Errno errno) {}

    /** What to make of a path that does not exist. */
    enum Missing {
        DIRECTORY,
        /**
         * What {@link RootDirectory#mount} can be put on: a directory for a directory, an empty file for anything else.
         */
        LIKE_MOUNT,
        /** The same, but a link at the end of the path is not followed. */
        LIKE_MOUNT_OR_LINK
    }

    MissingPlaces(RootDirectory rootDirectory) {
        this.rootDirectory = rootDirectory;
        this.asm = rootDirectory.asm;
        this.subroutine = new Subroutine(asm, "open or make");
        this.path = asm.register("path");
        this.type = asm.register("type");
        this.place = rootDirectory.target;
        this.made = asm.register("made");
        this.links = asm.register("links left");
        this.parent = asm.register("parent");
        this.start = asm.register("start of name");
        this.end = asm.register("end of name");
        this.text = asm.register("text");
        this.character = asm.register("character");
        this.separator = asm.register("separator");
        this.from = asm.register("from");
        this.buffer = asm.register("buffer");
        this.spare = asm.register("spare buffer");
        this.overLink = asm.register("over a link");
        this.filesystem = asm.register("file system");
        this.inode = asm.register("inode");
        this.device = asm.register("device");
        this.compared = asm.register("compared");
    }

    /** 1 if a place was made, else as it was. */
    Register made() {
        return made;
    }

    /**
     * From {@code from}, opens {@code path} with all that is missing made, and goes to {@code back} with it in
     * {@link RootDirectory#target}.
     *
     * @param path in the root, relative to it
     */
    void detour(Label from, String path, Missing missing, Label back) {
        detours.add(new Detour(asm.source(), from, back, path, missing));
    }

    /** From {@code from}, fails with {@code errno}, and with {@code reason} added to what the step is about. */
    void refuse(Label from, String reason, Errno errno) {
        refusals.add(new Refusal(asm.source(), from, reason, errno));
    }

    /**
     * Assembles what was asked for, where no instruction falls into it.
     *
     * @param onFailure where failures go to
     */
    void assemble(Label onFailure) {
        Label directory = asm.label("a directory");
        Label likeMount = asm.label("as what is mounted");
        Label likeMountOrLink = asm.label("as what is mounted, or a link");
        List<Address> paths = new ArrayList<>();
        for (Detour detour : detours) {
            asm.place(detour.from());
            asm.source(detour.source());
            paths.add(asm.string(detour.path()));
            subroutine.call(
                    switch (detour.missing()) {
                        case DIRECTORY -> directory;
                        case LIKE_MOUNT -> likeMount;
                        case LIKE_MOUNT_OR_LINK -> likeMountOrLink;
                    },
                    detour.back());
        }
        for (Refusal refusal : refusals) {
            asm.place(refusal.from());
            asm.source(refusal.source().with(refusal.reason()));
            asm.fail(refusal.errno());
        }
        if (subroutine.isCalled()) {
            asm.source(Source.runtime("open a place in the root file system, and make what of it is missing"));
            chooseType(directory, likeMount, likeMountOrLink);
            openOrMake(paths, onFailure);
        }
    }

    /** Where the subroutine begins: with what is to be made of the last name. */
    private void chooseType(Label directory, Label likeMount, Label likeMountOrLink) {
        Label chosen = asm.label("open");
        Label likeEither = asm.label("as either");
        asm.place(directory);
        followLast();
        asm.move(type, value(FileMode.S_IFDIR));
        asm.go(chosen);
        if (goesOverLinks()) {
            asm.place(likeMountOrLink);
            openLast();
            asm.go(likeEither);
        }
        asm.place(likeMount);
        followLast();
        asm.place(likeEither);
        rootDirectory.fileType(rootDirectory.mount, type);
        asm.place(chosen);
    }

    /** @param paths of the calls, in their order */
    private void openOrMake(List<Address> paths, Label onFailure) {
        Label found = asm.label("found");
        Label foundByName = asm.label("found by its own name");
        subroutine.begin();
        asm.compute(path, subroutine.caller(), Operation.SHIFT_LEFT, value(3));
        asm.load(path, Width.LONG, asm.pointers(paths), path);
        open(found, foundByName);
        asm.place(found);
        refuseKernelFilesystems();
        refuseDirectories();
        asm.place(foundByName);
        subroutine.end(onFailure);
    }

    private boolean goesOverLinks() {
        return detours.stream().anyMatch(detour -> detour.missing() == Missing.LIKE_MOUNT_OR_LINK);
    }

    /** Where a link at the end of the path leads is what is opened. */
    private void followLast() {
        sayIfOverLink(0);
    }

    /** A link at the end of the path is what is opened itself. */
    private void openLast() {
        sayIfOverLink(1);
    }

    private void sayIfOverLink(int over) {
        if (goesOverLinks()) {
            asm.move(overLink, value(over));
        }
    }

    /**
     * @param found where links may have led there
     * @param foundByName where none has, so that {@code spec} has looked at the name
     */
    private void open(Label found, Label foundByName) {
        Label again = asm.label("again");
        Label walk = asm.label("walk");
        Label link = asm.label("a link");
        asm.move(links, value(MAX_LINKS));
        asm.move(buffer, asm.space(REPLACED_PATH_MAX));
        asm.move(spare, asm.space(REPLACED_PATH_MAX));
        asm.place(again);
        if (goesOverLinks()) {
            try (var _ = asm.when(overLink, Condition.NOT_EQUAL, value(0), "the last name is followed")) {
                rootDirectory.openInRoot(path, RootDirectory.ITSELF, place).on(walk, Errno.ENOENT);
                asm.go(found);
            }
        }
        rootDirectory.openInRoot(path, RootDirectory.PLACE, place).on(walk, Errno.ENOENT);
        asm.go(found);

        asm.place(walk);
        asm.move(parent, rootDirectory.root);
        asm.compute(start, path, Operation.SUBTRACT, asm.imageStart());
        walk(link, found, foundByName);

        asm.place(link);
        if (goesOverLinks()) {
            refuseLastLink();
        }
        replaceLink();
        asm.go(again);
    }

    /** Opens directory after directory, so that the first that is missing is made in the one before. */
    private void walk(Label link, Label found, Label foundByName) {
        Label component = asm.label("next name");
        Label name = asm.label("a name");
        Label scan = asm.label("look for its end");
        Label last = asm.label("the last name");
        Label directory = asm.label("a directory");
        asm.place(component);
        asm.load(character, Width.BYTE, asm.imageStart(), start);
        asm.branch(character, Condition.NOT_EQUAL, value('/'), name);
        asm.compute(start, start, Operation.ADD, value(1));
        asm.go(component);
        asm.place(name);
        asm.compute(text, start, Operation.ADD, asm.imageStart());
        asm.move(end, start);
        asm.place(scan);
        asm.load(separator, Width.BYTE, asm.imageStart(), end);
        asm.branch(separator, Condition.EQUAL, value(0), last);
        asm.branch(separator, Condition.EQUAL, value('/'), directory);
        asm.compute(end, end, Operation.ADD, value(1));
        asm.go(scan);

        asm.place(directory);
        enter(link);
        asm.go(component);

        asm.place(last);
        makeLast(link, found, foundByName);
    }

    /** Opens the path up to the end of this name, made where it is missing. */
    private void enter(Label link) {
        Label missing = asm.label("a missing directory");
        Label entered = asm.label("entered");
        asm.store(Width.BYTE, asm.imageStart(), end, value(0));
        rootDirectory.openInRoot(path, RootDirectory.DIRECTORY, place).on(missing, Errno.ENOENT);
        asm.go(entered);
        asm.place(missing);
        asm.call(Syscall.MKDIRAT, parent, text, value(MODE)).on(link, Errno.EEXIST);
        rootDirectory.openInRoot(path, RootDirectory.DIRECTORY, place);
        asm.place(entered);
        asm.store(Width.BYTE, asm.imageStart(), end, value('/'));
        closeParent();
        asm.move(parent, place);
        asm.compute(start, end, Operation.ADD, value(1));
    }

    private void makeLast(Label link, Label found, Label foundByName) {
        Label directory = asm.label("make a directory");
        Label isMade = asm.label("made");
        Label behindLink = asm.label("made behind a link");
        // A link's text may end with a slash.
        try (var _ = asm.when(start, Condition.EQUAL, end, "it has a name")) {
            asm.move(place, parent);
            asm.go(found);
        }
        asm.branch(type, Condition.EQUAL, value(FileMode.S_IFDIR), directory);
        asm.call(Syscall.MKNODAT, parent, text, value(FileMode.S_IFREG | MODE), value(0))
                .on(link, Errno.EEXIST);
        asm.go(isMade);
        asm.place(directory);
        asm.call(Syscall.MKDIRAT, parent, text, value(MODE)).on(link, Errno.EEXIST);
        asm.place(isMade);
        asm.move(made, value(1));
        closeParent();
        // A path with a link's text in it does not say where the configuration wants something.
        asm.branch(links, Condition.NOT_EQUAL, value(MAX_LINKS), behindLink);
        rootDirectory.openInRoot(path, RootDirectory.PLACE_WITHOUT_LINKS, place).on(behindLink, Errno.ELOOP);
        asm.go(foundByName);
        asm.place(behindLink);
        rootDirectory.openInRoot(path, RootDirectory.PLACE, place);
        asm.go(found);
    }

    /** A link at the end that is not to be followed would have been opened: it was made since. */
    private void refuseLastLink() {
        Label replace = asm.label("replace it");
        asm.branch(overLink, Condition.EQUAL, value(0), replace);
        asm.branch(separator, Condition.NOT_EQUAL, value(0), replace);
        asm.fail(Errno.EEXIST);
        asm.place(replace);
    }

    /**
     * What could not be opened, and is there, is a link that leads nowhere, or readlinkat(2) fails. A new path is
     * written with the link's text in place of its name, or in place of everything up to it if it begins with a slash.
     * No part is longer than a path may be, or opening the old path had failed, and opening the new one will.
     */
    private void replaceLink() {
        Label tail = asm.label("behind the link");
        asm.compute(links, links, Operation.SUBTRACT, value(1));
        try (var _ = asm.when(links, Condition.EQUAL, value(0), "follow")) {
            asm.fail(Errno.ELOOP);
        }
        asm.compute(from, path, Operation.SUBTRACT, asm.imageStart());
        asm.compute(place, buffer, Operation.SUBTRACT, asm.imageStart());
        asm.move(path, buffer);
        try (var head = asm.loop("up to the link", "the link")) {
            head.leaveIf(from, Condition.EQUAL, start);
            asm.load(character, Width.BYTE, asm.imageStart(), from);
            asm.store(Width.BYTE, asm.imageStart(), place, character);
            asm.compute(from, from, Operation.ADD, value(1));
            asm.compute(place, place, Operation.ADD, value(1));
        }
        asm.compute(from, place, Operation.ADD, asm.imageStart());
        asm.call(Syscall.READLINKAT, parent, text, from, value(OpenFlags.PATH_MAX))
                .into(start);
        asm.store(Width.BYTE, asm.imageStart(), end, separator);
        closeParent();
        asm.load(character, Width.BYTE, asm.imageStart(), place);
        try (var _ = asm.when(character, Condition.EQUAL, value('/'), "relative")) {
            asm.move(path, from);
        }
        asm.compute(place, place, Operation.ADD, start);
        asm.place(tail);
        asm.load(character, Width.BYTE, asm.imageStart(), end);
        asm.store(Width.BYTE, asm.imageStart(), place, character);
        asm.compute(end, end, Operation.ADD, value(1));
        asm.compute(place, place, Operation.ADD, value(1));
        asm.branch(character, Condition.NOT_EQUAL, value(0), tail);
        asm.move(from, buffer);
        asm.move(buffer, spare);
        asm.move(spare, from);
    }

    private void closeParent() {
        try (var _ = asm.when(parent, Condition.NOT_EQUAL, rootDirectory.root, "it is the root")) {
            rootDirectory.close(parent);
        }
    }

    /**
     * Closes CVE-2019-16884 for destinations that a link of the image leads into /proc: what is mounted there could
     * stand for the files that the container's confinement is written to. {@code spec} refuses those that are in /proc
     * by name. What is mounted over /sys could keep masks from it, and a copy of what is there (tmpcopyup) would have
     * the kernel's files read.
     */
    private void refuseKernelFilesystems() {
        Label outside = asm.label("not in /proc or /sys");
        Label proc = asm.label("in /proc");
        Label kernel = asm.label("in a file system of the kernel");
        rootDirectory.filesystemType(place, filesystem);
        asm.branch(filesystem, Condition.EQUAL, value(Statfs.PROC_SUPER_MAGIC), proc);
        for (long madeUp : Statfs.madeUpByTheKernel()) {
            asm.branch(filesystem, Condition.EQUAL, value(madeUp), kernel);
        }
        asm.go(outside);
        asm.place(proc);
        refuse("the destination is a link into /proc, where nothing may be mounted");
        asm.place(kernel);
        refuse("the destination is a link into /sys or a file system like it, where nothing may be mounted");
        asm.place(outside);
    }

    /**
     * What is mounted over the root no process sees: each has the root that was there before. {@code spec} refuses it
     * by name. What a link leads to /dev would be taken for the container's devices, and they would be made in it:
     * CVE-2026-41579.
     */
    private void refuseDirectories() {
        Label notRoot = asm.label("not the root");
        Label notDev = asm.label("not /dev");
        rootDirectory.status.of(place);
        asm.load(inode, Width.LONG, rootDirectory.status.field(Statx.INO));
        asm.load(device, Width.LONG, rootDirectory.status.field(Statx.DEV));
        rootDirectory.status.of(rootDirectory.root);
        goUnlessSame(notRoot);
        refuse("the destination is a link to the root, which cannot be mounted over");
        asm.place(notRoot);
        rootDirectory
                .status
                .at(rootDirectory.root, asm.string("dev"), OpenFlags.AT_SYMLINK_NOFOLLOW)
                .on(notDev, Errno.ENOENT);
        goUnlessSame(notDev);
        refuse("the destination is a link to /dev, which can be mounted over by its own name only");
        asm.place(notDev);
    }

    private void goUnlessSame(Label other) {
        asm.load(compared, Width.LONG, rootDirectory.status.field(Statx.INO));
        asm.branch(inode, Condition.NOT_EQUAL, compared, other);
        asm.load(compared, Width.LONG, rootDirectory.status.field(Statx.DEV));
        asm.branch(device, Condition.NOT_EQUAL, compared, other);
    }

    private void refuse(String words) {
        rootDirectory.explain(words);
        asm.fail(Errno.EPERM);
    }
}
